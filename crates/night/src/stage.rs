//! The stages: what each reads and writes, and by which key. Their order is written here and
//! nowhere else; their bodies are in `stages`.

use model::{Table, tables};

/// One stage.
#[derive(Debug)]
pub struct Stage {
    /// Name, also that of its body.
    pub name: &'static str,
    /// Chapter of the night.
    pub chapter: &'static str,
    /// The column by whose ranges it may run, bucket by bucket; none: it needs all rows at once.
    pub keyed_by: Option<&'static str>,
    /// What it reads.
    pub inputs: &'static [Declared],
    /// The tables it writes.
    pub outputs: &'static [&'static str],
    /// Which parts of the job change what it does.
    pub params: &'static [Param],
}

/// A declared input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The table.
    pub table: &'static str,
    /// Whose table.
    pub source: Source,
    /// The column by whose ranges it is read; none: every bucket sees the whole table.
    pub by: Option<&'static str>,
}

/// Whose table an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Written tonight.
    Tonight,
    /// Published by the latest night before.
    Previous,
}

/// The parts of a job by whose change a stage must run again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Param {
    /// Job file: limits, survivorship, checks, who is known.
    Job,
    /// Product book.
    Products,
    /// Scoring file.
    Scoring,
    /// The run itself: the stage writes its id.
    Run,
}

const fn by(table: &'static str, key: &'static str) -> Declared {
    Declared { table, source: Source::Tonight, by: Some(key) }
}

const fn whole(table: &'static str) -> Declared {
    Declared { table, source: Source::Tonight, by: None }
}

const fn before(table: &'static str, key: Option<&'static str>) -> Declared {
    Declared { table, source: Source::Previous, by: key }
}

/// What loading writes.
pub const LOAD_TABLES: &[&str] = &[
    "party",
    "account",
    "role",
    "balance",
    "event",
    "interaction",
    "feedback",
    "rate",
    "branch",
    "rejects",
    "reject_raw",
    "load_report",
    "rule_count",
    "unmapped_code",
    crate::kept::KEPT_TABLE,
];

/// The stages after loading, in the order of the night.
pub static STAGES: &[Stage] = &[
    Stage {
        name: "standardise",
        chapter: "resolve",
        keyed_by: Some("record_id"),
        inputs: &[by("party", "record_id")],
        outputs: &["record", "block_key"],
        params: &[],
    },
    Stage {
        name: "link",
        chapter: "resolve",
        keyed_by: Some("block"),
        inputs: &[by("block_key", "block")],
        outputs: &["edge", "forest", "doubt", "hot_block"],
        params: &[],
    },
    Stage {
        name: "component",
        chapter: "resolve",
        keyed_by: None,
        inputs: &[whole("forest"), before("client_xref", None), before("client_xref_past", None)],
        outputs: &["record_component", "held_component"],
        params: &[],
    },
    Stage {
        name: "gather",
        chapter: "resolve",
        keyed_by: Some("record_id"),
        inputs: &[
            by("record", "record_id"),
            by("edge", "record_a"),
            by("record_component", "record_id"),
        ],
        outputs: &["component_record", "component_edge"],
        params: &[],
    },
    Stage {
        name: "cluster",
        chapter: "resolve",
        keyed_by: Some("component"),
        inputs: &[
            by("component_record", "component"),
            by("component_edge", "component"),
            by("held_component", "component"),
            whole("hot_block"),
            before("client_id_crosswalk", None),
        ],
        outputs: &["record_client", "refused_pair", "id_event", "gone"],
        params: &[],
    },
    Stage {
        name: "journal",
        chapter: "resolve",
        keyed_by: None,
        inputs: &[
            whole("id_event"),
            whole("gone"),
            whole("doubt"),
            whole("refused_pair"),
            before("client_id_crosswalk", None),
        ],
        outputs: &["client_id_crosswalk", "client_xref_past", "match_review"],
        params: &[],
    },
    Stage {
        name: "identify",
        chapter: "resolve",
        keyed_by: Some("record_id"),
        inputs: &[
            by("party", "record_id"),
            by("record_client", "record_id"),
            by("role", "record_id"),
            by("interaction", "record_id"),
            by("feedback", "record_id"),
        ],
        outputs: &["client_party", "holder", "client_interaction", "client_feedback"],
        params: &[],
    },
    Stage {
        name: "golden",
        chapter: "resolve",
        keyed_by: Some("client_id"),
        inputs: &[by("client_party", "client_id")],
        outputs: &[
            "client_golden",
            "client_facts",
            "client_xref",
            "client_quality",
            "quality_count",
        ],
        params: &[Param::Job],
    },
    Stage {
        name: "hold",
        chapter: "measure",
        keyed_by: Some("account_id"),
        inputs: &[by("account", "holder_id"), by("holder", "account_id")],
        outputs: &["client_account", "use", "orphan"],
        params: &[Param::Products],
    },
    Stage {
        name: "contribute",
        chapter: "measure",
        keyed_by: Some("account_id"),
        inputs: &[
            by("client_account", "account_id"),
            by("balance", "account_id"),
            by("event", "account_id"),
            whole("rate"),
        ],
        outputs: &["account_month", "holding", "balance_break", "break_count"],
        params: &[Param::Products, Param::Job],
    },
    Stage {
        name: "plausible",
        chapter: "measure",
        keyed_by: None,
        inputs: &[whole("rule_count"), whole("break_count")],
        outputs: &["plausibility"],
        params: &[Param::Job],
    },
    Stage {
        name: "profile",
        chapter: "score",
        keyed_by: Some("client_id"),
        inputs: &[
            by("client_facts", "client_id"),
            by("account_month", "client_id"),
            by("holding", "client_id"),
            by("use", "client_id"),
            by("client_interaction", "client_id"),
        ],
        outputs: &["client_contribution", "client_profile", "value_part", "measure_count"],
        params: &[Param::Products, Param::Scoring, Param::Job],
    },
    Stage {
        name: "scale",
        chapter: "score",
        keyed_by: None,
        inputs: &[whole("measure_count")],
        outputs: &["scale"],
        params: &[Param::Scoring],
    },
    Stage {
        name: "score",
        chapter: "score",
        keyed_by: Some("client_id"),
        inputs: &[
            by("client_profile", "client_id"),
            by("value_part", "client_id"),
            by("client_feedback", "client_id"),
            whole("scale"),
        ],
        outputs: &["client_score", "score_reason", "score_count"],
        params: &[Param::Scoring],
    },
    Stage {
        name: "cut",
        chapter: "segment",
        keyed_by: None,
        inputs: &[whole("score_count")],
        outputs: &["cut"],
        params: &[Param::Scoring],
    },
    Stage {
        name: "segment",
        chapter: "segment",
        keyed_by: Some("client_id"),
        inputs: &[
            by("client_score", "client_id"),
            by("client_profile", "client_id"),
            whole("cut"),
            whole("load_report"),
            before("client_segment", Some("client_id")),
            before("client_segment_history", Some("client_id")),
        ],
        outputs: &["client_segment", "tier_move", "client_segment_history", "tier_count"],
        params: &[Param::Scoring, Param::Run],
    },
    Stage {
        name: "migrate",
        chapter: "derive",
        keyed_by: None,
        inputs: &[whole("tier_count")],
        outputs: &["tier_migration"],
        params: &[],
    },
    Stage {
        name: "count",
        chapter: "derive",
        keyed_by: Some("client_id"),
        inputs: &[
            by("client_segment", "client_id"),
            by("client_profile", "client_id"),
            by("client_contribution", "client_id"),
        ],
        outputs: &["group_count", "value_count"],
        params: &[],
    },
    Stage {
        name: "summarise",
        chapter: "derive",
        keyed_by: None,
        inputs: &[whole("group_count"), whole("value_count")],
        outputs: &["segment_summary", "concentration"],
        params: &[],
    },
    Stage {
        name: "quality",
        chapter: "derive",
        keyed_by: None,
        inputs: &[whole("quality_count")],
        outputs: &["quality"],
        params: &[],
    },
];

/// The tables a night publishes, in the order of the schema.
pub fn published_tables() -> impl Iterator<Item = &'static Table> {
    tables().filter(|t| t.is_published())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_stage_reads_what_was_written_before_it() {
        let mut written: BTreeSet<&str> = LOAD_TABLES.iter().copied().collect();
        for stage in STAGES {
            for input in stage.inputs {
                let table = model::table(input.table).unwrap();
                match input.source {
                    Source::Tonight => assert!(written.contains(input.table), "{}", input.table),
                    Source::Previous => assert!(table.is_published(), "{}", input.table),
                }
                if let Some(key) = input.by {
                    assert_eq!(table.partition, Some(key), "{}: {}", stage.name, input.table);
                }
            }
            for output in stage.outputs {
                assert!(model::table(output).is_some(), "{output}");
                assert!(written.insert(output), "{output} is written twice");
            }
        }
        for table in published_tables().filter(|t| t.name != "run_report") {
            assert!(written.contains(table.name), "{} is never written", table.name);
        }
    }
}
