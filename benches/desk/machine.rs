//! What the kernel tells of processes: their time on the processor, their memory.

use std::fs;
use std::time::Duration;

/// Linux counts processor time in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// Time a process has spent on the processor, all its threads together; nothing when it is gone.
pub fn cpu_of(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name stands in parentheses and may hold anything; what follows it is regular.
    let fields: Vec<&str> = stat.rsplit_once(')').map(|(_, f)| f.split_whitespace().collect()).unwrap_or_default();
    let ticks = |i: usize| fields.get(i).and_then(|f| f.parse::<u32>().ok()).unwrap_or(0);
    TICK * (ticks(11) + ticks(12))
}

/// Time this process has spent on the processor.
pub fn cpu_here() -> Duration {
    cpu_of(std::process::id())
}

/// True when a process of this id runs here under this name.
pub fn is_called(pid: u32, name: &str) -> bool {
    fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|comm| comm.trim() == name)
}

/// Memory of a process in MiB: what is resident, and of that what is its own (no mapped files).
pub fn memory_of(pid: u32) -> (f64, f64) {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let of = |key: &str| {
        let line = status.lines().find_map(|l| l.strip_prefix(key));
        let kib = line.and_then(|l| l.split_whitespace().next()).and_then(|n| n.parse::<u32>().ok());
        f64::from(kib.unwrap_or(0)) / 1024.0
    };
    (of("VmRSS:"), of("RssAnon:"))
}

/// The load average of the last minute.
pub fn load_average() -> String {
    let all = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    all.split_whitespace().next().unwrap_or("?").to_owned()
}
