//! The scales on which clients are ranked: order statistics per kind of client.

use crate::columns::{flags, frame, int_column, keys, text_column, texts};
use crate::frames::{Frames, Outputs, StageError};
use ::segment::{Histogram, Scale};
use night::Settings;

/// The ranked measures: name in the table, column of the profile.
pub(super) const MEASURES: [(&str, &str); 3] = [
    ("lifetime_value", "lifetime_value"),
    ("frequency", "frequency_raw"),
    ("breadth", "breadth_raw"),
];

/// The kinds of clients, each ranked among its own.
pub(super) const KINDS: [&str; 2] = ["organisation", "person"];

pub(crate) fn run(frames: &mut Frames, _: &Settings<'_>) -> Result<Outputs, StageError> {
    let columns = ["kind", "opt_out", "lifetime_value", "frequency_raw", "breadth_raw"];
    let profile = frames.take("client_profile", &columns)?;
    let kinds = texts(&profile, "kind")?;
    let opted_out = flags(&profile, "opt_out")?;
    let (mut kind_column, mut measures) = (Vec::new(), Vec::new());
    let (mut positions, mut edges) = (Vec::new(), Vec::new());
    for (measure, column) in MEASURES {
        let values = keys(&profile, column)?;
        for kind in KINDS {
            let ranked =
                (0..values.len()).filter(|row| kinds[*row] == Some(kind) && !opted_out[*row]);
            let population = Histogram::of_values(ranked.map(|row| values[row]).collect());
            let Some(scale) = Scale::of(&population) else { continue };
            for (edge, position) in scale.edges().iter().zip(0_i64..) {
                kind_column.push(kind);
                measures.push(measure);
                positions.push(position);
                edges.push(*edge);
            }
        }
    }
    let mut outputs = Outputs::default();
    let scale = frame(vec![
        text_column("kind", &kind_column),
        text_column("measure", &measures),
        int_column("position", positions),
        int_column("edge", edges),
    ])?;
    outputs.add("scale", scale)?;
    Ok(outputs)
}
