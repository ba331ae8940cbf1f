//! Which function is the body of which stage.

use crate::frames::{Frames, Outputs, StageError};
use crate::{derive, measure, resolve, score, segment};
use night::Settings;

/// The body of a stage.
pub type Body = fn(&mut Frames, &Settings<'_>) -> Result<Outputs, StageError>;

/// The body of the stage of that name.
pub fn body(stage: &str) -> Option<Body> {
    Some(match stage {
        "standardise" => resolve::standardise::run,
        "link" => resolve::link::run,
        "component" => resolve::component::run,
        "gather" => resolve::gather::run,
        "cluster" => resolve::cluster::run,
        "journal" => resolve::journal::run,
        "identify" => resolve::identify::run,
        "golden" => resolve::golden::run,
        "hold" => measure::hold::run,
        "quality" => derive::quality::run,
        "contribute" => measure::contribute::run,
        "plausible" => measure::plausible::run,
        "profile" => score::profile::run,
        "scale" => score::scale::run,
        "score" => score::scoring::run,
        "cut" => segment::cut::run,
        "segment" => segment::tiers::run,
        "migrate" => derive::migrate::run,
        "count" => derive::count::run,
        "summarise" => derive::summarise::run,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_declared_stage_has_a_body() {
        for stage in night::STAGES {
            assert!(super::body(stage.name).is_some(), "{}", stage.name);
        }
    }
}
