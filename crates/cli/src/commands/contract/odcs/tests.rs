use super::*;
use std::collections::BTreeSet;

const CONTRACT: &str = r#"
version = 1
system = "lending"
title = "Lending"
[[feed]]
name = "repayment"
file = "R_{date}.csv"
flag = "R.OK"
shape = { kind = "delimited", separator = ",", quoted = true }
header = { prefix = "HDR,", date_field = 2 }
trailer = { prefix = "TRL,", count_field = 2, total_field = 3 }
unique = ["loan", "day"]
amount = "paid"
columns = [
    { name = "loan", type = "text", class = "key", required = true },
    { name = "day", type = "date", required = true, format = "%Y%m%d" },
    { name = "paid", type = "money", class = "financial" },
    { name = "state", type = "text", values = ["A", "C"] },
]
[[feed.table]]
table = "event"
[feed.table.columns]
account_key = "loan"
"#;

fn shown() -> Value {
    contract(&SourceContract::parse(CONTRACT, "test").unwrap())
}

/// The keys of an object must be among those of the standard (JSON schema of v3.1.0).
fn among(object: &Value, allowed: &[&str], required: &[&str]) {
    let keys: BTreeSet<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    let allowed: BTreeSet<&str> = allowed.iter().copied().collect();
    assert!(keys.is_subset(&allowed), "{keys:?}");
    assert!(required.iter().all(|key| keys.contains(key)), "{keys:?}");
}

fn each<'v>(object: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    object[key].as_array().into_iter().flatten()
}

fn quality_holds(of: &Value) {
    const OPERATORS: [&str; 2] = ["mustBe", "mustBeGreaterThan"];
    const METRICS: [&str; 5] =
        ["nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount"];
    const DIMENSIONS: [&str; 7] = [
        "accuracy",
        "completeness",
        "conformity",
        "consistency",
        "coverage",
        "timeliness",
        "uniqueness",
    ];
    for rule in each(of, "quality") {
        among(
            rule,
            &[
                "type",
                "metric",
                "mustBe",
                "mustBeGreaterThan",
                "unit",
                "arguments",
                "name",
                "dimension",
                "severity",
                "description",
            ],
            &["type", "description"],
        );
        assert!(DIMENSIONS.contains(&rule["dimension"].as_str().unwrap()));
        let operators = OPERATORS.iter().filter(|key| !rule[**key].is_null()).count();
        match rule["type"].as_str().unwrap() {
            "library" => {
                assert!(METRICS.contains(&rule["metric"].as_str().unwrap()));
                assert_eq!(operators, 1, "a library rule has one operator");
            }
            other => assert_eq!((other, operators), ("text", 0)),
        }
    }
}

#[test]
fn the_shape_is_that_of_the_standard() {
    let shown = shown();
    among(
        &shown,
        &[
            "apiVersion",
            "kind",
            "id",
            "name",
            "version",
            "status",
            "description",
            "servers",
            "schema",
        ],
        &["version", "apiVersion", "kind", "id", "status"],
    );
    assert_eq!(shown["apiVersion"], "v3.1.0");
    assert_eq!(shown["kind"], "DataContract");
    among(&shown["description"], &["purpose", "usage", "limitations"], &["purpose"]);
    for server in each(&shown, "servers") {
        let keys = ["server", "type", "path", "format", "customProperties", "description"];
        among(server, &keys, &["server", "type", "path", "format"]);
        each(server, "customProperties")
            .for_each(|own| among(own, &["property", "value"], &["property"]));
    }
    for object in each(&shown, "schema") {
        among(
            object,
            &[
                "name",
                "logicalType",
                "physicalType",
                "physicalName",
                "properties",
                "quality",
                "customProperties",
                "description",
            ],
            &["name"],
        );
        assert_eq!(object["logicalType"], "object");
        quality_holds(object);
        for property in each(object, "properties") {
            among(
                property,
                &[
                    "name",
                    "logicalType",
                    "logicalTypeOptions",
                    "physicalType",
                    "required",
                    "unique",
                    "primaryKey",
                    "primaryKeyPosition",
                    "classification",
                    "description",
                    "quality",
                ],
                &["name"],
            );
            let kinds = ["string", "date", "number", "integer"];
            assert!(kinds.contains(&property["logicalType"].as_str().unwrap()));
            quality_holds(property);
        }
    }
}

#[test]
fn what_is_enforced_is_said() {
    let shown = shown();
    let object = &shown["schema"][0];
    let names: Vec<&str> =
        each(object, "quality").map(|rule| rule["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["header_date", "trailer_count", "trailer_total", "unique_key"]);
    let property = |at: usize| &object["properties"][at];
    assert_eq!(property(0)["primaryKeyPosition"], 1);
    assert_eq!(property(1)["primaryKeyPosition"], 2);
    assert_eq!(property(1)["physicalType"], "date %Y%m%d");
    assert_eq!(property(1)["logicalTypeOptions"]["format"], "yyyyMMdd");
    assert_eq!(property(0)["unique"], false, "the two together are");
    assert_eq!(property(2)["physicalType"], "decimal(18,2)");
    assert_eq!(property(3)["quality"][0]["arguments"]["validValues"], json!(["A", "C"]));
    assert_eq!(property(2)["classification"], "financial");
}
