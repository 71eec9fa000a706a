//! A strip above every page, by which something is steered that stands outside of the inbox. Whoever
//! starts the program may hand one in; without one there is no strip, and no route to it.

use axum::extract::State;
use axum::response::Redirect;
use serde::{Deserialize, Serialize};

use super::ask::{Form, Hand};
use super::{Error, Result, Web};
use crate::base::Lang;

/// Something that goes at a speed, and can stand still.
pub trait Strip: Send + Sync {
    /// The speed, and whether it stands still.
    fn pace(&self) -> (f64, bool);
    /// Stands still, or goes on.
    fn pause(&self, paused: bool);
    /// Goes at another speed; one that cannot be is brought to the nearest that can.
    fn set_speed(&self, speed: f64);
}

/// The speeds that are offered.
const OFFERED: [f64; 4] = [0.5, 1.0, 3.0, 10.0];

/// How the strip looks.
#[derive(Debug, Clone, Serialize)]
pub struct Look {
    /// True when everything stands still.
    paused: bool,
    /// The speeds to choose from, the present one among them.
    speeds: Vec<Speed>,
}

#[derive(Debug, Clone, Serialize)]
struct Speed {
    value: String,
    shown: String,
    now: bool,
}

impl Look {
    /// How a pace looks in a language.
    pub fn of((speed, paused): (f64, bool), lang: Lang) -> Look {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        let mut all: Vec<f64> = OFFERED.to_vec();
        if !all.iter().any(|s| near(*s, speed)) {
            all.push(speed);
            all.sort_by(f64::total_cmp);
        }
        let shown = |s: f64| {
            let plain = format!("{s}");
            if lang == Lang::Fr { plain.replace('.', ",") } else { plain }
        };
        let speeds = all.into_iter().map(|s| Speed { value: s.to_string(), shown: shown(s), now: near(s, speed) });
        Look { paused, speeds: speeds.collect() }
    }
}

/// A button of the strip.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pressed {
    pause: Option<bool>,
    speed: Option<f64>,
    #[serde(default)]
    back: String,
}

/// Does what the button says, and goes back.
pub async fn press(_: Hand, State(web): State<Web>, Form(form): Form<Pressed>) -> Result<Redirect> {
    let strip = web.strip.as_ref().ok_or(Error::NotFound)?;
    if let Some(paused) = form.pause {
        strip.pause(paused);
    }
    if let Some(speed) = form.speed {
        strip.set_speed(speed);
    }
    let ours = form.back.starts_with('/') && !form.back.starts_with("//") && !form.back.starts_with("/\\");
    Ok(Redirect::to(if ours { &form.back } else { "/inbox" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_present_speed_is_always_among_those_offered() {
        let shown = |look: Look| look.speeds.iter().map(|s| s.shown.clone()).collect::<Vec<_>>().join(" ");
        assert_eq!(shown(Look::of((1.0, false), Lang::En)), "0.5 1 3 10");
        let odd = Look::of((2.5, true), Lang::Fr);
        assert!(odd.paused && odd.speeds.iter().filter(|s| s.now).map(|s| s.value.as_str()).eq(["2.5"]));
        assert_eq!(shown(odd), "0,5 1 2,5 3 10");
    }
}
