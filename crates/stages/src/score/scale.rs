//! The scales on which clients are ranked: order statistics per kind of client, from the bins of their
//! raw measures.

use crate::columns::{frame, int_column, text_column};
use crate::frames::{Frames, Outputs, StageError};
use crate::summary::{KINDS, MEASURES, Summary};
use ::segment::Scale;
use night::Settings;

pub(crate) fn run(frames: &mut Frames, _: &Settings<'_>) -> Result<Outputs, StageError> {
    let mut counts = Summary::read(frames, &MEASURES)?;
    let (mut kinds, mut measures) = (Vec::new(), Vec::new());
    let (mut positions, mut edges) = (Vec::new(), Vec::new());
    for (measure, measured) in MEASURES.measures.iter().enumerate() {
        for (kind, name) in KINDS.into_iter().enumerate() {
            let Some(scale) = Scale::of(&counts.histogram(kind, measure)) else { continue };
            for (edge, position) in scale.edges().iter().zip(0_i64..) {
                kinds.push(name);
                measures.push(*measured);
                positions.push(position);
                edges.push(*edge);
            }
        }
    }
    let mut outputs = Outputs::default();
    let scale = frame(vec![
        text_column("kind", &kinds),
        text_column("measure", &measures),
        int_column("position", positions),
        int_column("edge", edges),
    ])?;
    outputs.add("scale", scale)?;
    Ok(outputs)
}
