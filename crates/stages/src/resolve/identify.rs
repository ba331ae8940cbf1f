//! Every row that names a party record gets the client behind it.

use crate::frames::{Frames, Outputs, StageError};
use night::Settings;
use polars::prelude::*;

pub(crate) fn run(frames: &mut Frames, _: &Settings<'_>) -> Result<Outputs, StageError> {
    let clients = frames.lazy("record_client")?;
    let ids = clients.clone().select([col("record_id"), col("client_id")]);
    let on = || ([col("record_id")], [col("record_id")]);
    let known = |rows: LazyFrame| {
        let (left, right) = on();
        rows.join(ids.clone(), left, right, JoinArgs::new(JoinType::Inner))
    };
    let mut outputs = Outputs::default();
    let (left, right) = on();
    let party = frames.lazy("party")?.join(clients, left, right, JoinArgs::new(JoinType::Inner));
    outputs.add("client_party", party.collect()?)?;
    // Rows stay as they are: what belongs together for a client or an account is put together where
    // all its rows are, by the stages keyed so.
    outputs.add("holder", known(frames.lazy("role")?).collect()?)?;
    outputs.add("client_interaction", known(frames.lazy("interaction")?).collect()?)?;
    outputs.add("client_feedback", known(frames.lazy("feedback")?).collect()?)?;
    Ok(outputs)
}
