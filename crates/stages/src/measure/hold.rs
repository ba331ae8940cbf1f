//! Which client an account belongs to, and who else may use it.

use crate::columns::text_column;
use crate::frames::{Frames, Outputs, StageError};
use night::Settings;
use polars::prelude::*;

pub(crate) fn run(frames: &mut Frames, settings: &Settings<'_>) -> Result<Outputs, StageError> {
    let accounts = frames.lazy("account")?;
    let today = lit(settings.as_of.epoch_days()).cast(DataType::Date);
    let accounts =
        dated(accounts).filter(col("opened_on").is_null().or(col("opened_on").lt_eq(today)));
    // Several records of one client may say the same of an account.
    let holders = frames
        .lazy("holder")?
        .rename(["account_id"], ["declared_at"], true)
        .unique_generic(None, UniqueKeepStrategy::Any);
    let owners = holders
        .clone()
        .filter(col("role").eq(lit("owner")))
        .group_by([col("declared_at")])
        .agg([col("client_id").min()]);
    let held = accounts.clone().join(
        owners.clone(),
        [col("holder_id")],
        [col("declared_at")],
        JoinArgs::new(JoinType::Left),
    );
    let held = held.collect()?;
    let mut outputs = Outputs::default();
    let without = held.column("client_id")?.is_null();
    outputs.add("orphan", held.filter(&without)?)?;
    let owned = held.filter(&!without)?;
    outputs.add("use", uses(&owned, holders, settings)?)?;
    outputs.add("client_account", owned)?;
    Ok(outputs)
}

/// What runs on another account and does not say since when is there since that account is.
fn dated(accounts: LazyFrame) -> LazyFrame {
    let bases = accounts
        .clone()
        .filter(col("account_id").eq(col("holder_id")))
        .select([col("holder_id"), col("opened_on").alias("base_opened_on")]);
    let on = || [col("holder_id")];
    accounts
        .join(bases, on(), on(), JoinArgs::new(JoinType::Left))
        .with_column(col("opened_on").fill_null(col("base_opened_on")))
}

/// Roles of clients who do not own the account they may use.
fn uses(
    owned: &DataFrame,
    holders: LazyFrame,
    settings: &Settings<'_>,
) -> Result<DataFrame, StageError> {
    let accounts = owned.clone().lazy().select([
        col("account_id"),
        col("holder_id"),
        col("product"),
        col("client_id").alias("owner"),
    ]);
    let joined = accounts.join(
        holders,
        [col("holder_id")],
        [col("declared_at")],
        JoinArgs::new(JoinType::Inner),
    );
    let others = joined.filter(col("client_id").neq(col("owner"))).with_column(
        when(col("role").eq(lit("owner"))).then(lit("joint")).otherwise(col("role")).alias("role"),
    );
    let families = families(settings)?.lazy();
    let on = || [col("product")];
    Ok(others.join(families, on(), on(), JoinArgs::new(JoinType::Left)).collect()?)
}

/// Product codes with their families.
fn families(settings: &Settings<'_>) -> Result<DataFrame, StageError> {
    let products = &settings.job.products.products;
    let codes: Vec<&str> = products.iter().map(|p| p.product.as_str()).collect();
    let families: Vec<&str> = products.iter().map(|p| p.family.code()).collect();
    crate::columns::frame(vec![text_column("product", &codes), text_column("family", &families)])
}
