//! Bad weather on the wire, by given dice: answers lost, acts carried out late, pushes repeated.

use std::time::Duration;

use super::gate::Gate;

/// How likely each mishap is, in percent; calm by default.
#[derive(Debug, Clone, Default)]
pub struct Weather {
    /// Our request is carried out, and the answer never arrives whole.
    pub lose_answer: u64,
    /// Our request is carried out only after we have given up, and without an answer.
    pub act_late: u64,
    /// How much later.
    pub late_by: Duration,
    /// Our request is refused with 503 before anything is done.
    pub refuse: u64,
    /// A push is sent twice.
    pub push_twice: u64,
    /// A push waits this long at the most.
    pub push_delay: Duration,
    /// Echoes of what we sent are never pushed.
    pub no_echo: bool,
    /// Answers to what we do wait here, while what is pushed about it is on its way.
    pub gate: Option<Gate>,
}

impl Weather {
    /// Waits at the gate, where there is one.
    pub async fn hold_answer(&self) {
        if let Some(gate) = &self.gate {
            gate.wait().await;
        }
    }
}
