use super::*;
use crate::columns::keys;
use crate::schema::typed;
use model::BusinessDate;
use std::path::Path;

/// Records of three clients: one in two systems that contradict each other, a thin one of before real
/// names, and an organisation without a number.
fn party() -> DataFrame {
    let day = |text: &str| text.parse::<BusinessDate>().unwrap().epoch_days();
    let opened = vec![Some(day("2005-01-01")), None, Some(day("1998-05-05")), None];
    let mut party = df!(
        "client_id" => [1_i64, 1, 2, 3],
        "record_id" => [10_i64, 11, 20, 30],
        "system" => ["deposits", "cards", "deposits", "deposits"],
        "kind" => ["person", "person", "person", "organisation"],
        "name" => [Some("张 三"), Some("張三"), Some("李四"), Some("某某有限公司")],
        "document_type" => [Some("citizen_id"), None, Some("citizen_id"), None],
        "document_no" => [Some("11010519491231002X"), None, Some("110105194912310038"), None],
        "sex" => [Some("F"), Some("F"), None, None],
        "mobile" => [Some("13912349876"), Some("138"), None, None],
        "occupation" => [Some("worker"), Some("manager"), None, None],
        "income" => [Some(1_i64), Some(-5), None, None],
        "branch" => [Some("001"), None, Some("001"), Some("001")],
    )
    .unwrap();
    party.with_column(date_column("opened_on", opened)).unwrap();
    typed("client_party", &party).unwrap()
}

/// Client and count tables of the records; the golden value is that of a client's first record.
fn judged() -> (DataFrame, DataFrame) {
    let job = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../jobs/nightly.toml");
    let job = night::Bundle::read(&job).unwrap().check().unwrap();
    let as_of = "2026-11-20".parse().unwrap();
    let settings = Settings { job: &job, as_of, run: "", buckets: 1 };
    let (party, mut outputs) = (party(), Outputs::default());
    let client_id = keys(&party, "client_id").unwrap();
    add(&mut outputs, &party, &client_id, &settings, |client, _| Some([0, 2, 3][client])).unwrap();
    let mut tables = outputs.into_tables().into_iter().map(|(_, frame)| frame);
    (tables.next().unwrap(), tables.next().unwrap())
}

#[test]
fn clients_are_told_what_is_missing_and_how_far_they_can_be_trusted() {
    let (clients, _) = judged();
    let text = |name: &str| -> Vec<String> {
        let column = texts(&clients, name).unwrap();
        column.into_iter().map(|value| value.unwrap().to_owned()).collect()
    };
    assert_eq!(text("trust_grade"), ["A", "C", "D"]);
    assert_eq!(text("outcome"), ["sufficient", "sufficient", "insufficient_data"]);
    assert_eq!(crate::columns::flags(&clients, "thin").unwrap(), [false, true, true]);
    // The occupation; a mobile and an income that cannot be are faults and contradict nothing.
    assert_eq!(keys(&clients, "conflicts").unwrap(), [1, 0, 0]);
    let missing = text("missing");
    assert_eq!(missing[2], "document_no,mobile,email,address,industry");
    assert!(missing[0].starts_with("birth_date,email,address,employer"), "{}", missing[0]);
    // A person's fields weigh 21: name, document, sex, mobile and occupation 2 each, income 1.
    let shares = keys(&clients, "completeness_ppm").unwrap();
    assert_eq!(shares, [11 * 1_000_000 / 21, 4 * 1_000_000 / 21, 2 * 1_000_000 / 10]);
}

#[test]
fn records_are_counted_by_system_field_and_branch() {
    let (_, counts) = judged();
    let [systems, fields, branches] =
        ["system", "field", "branch"].map(|name| texts(&counts, name).unwrap());
    let figures = ["records", "present", "valid", "conflicting"].map(|n| keys(&counts, n).unwrap());
    let row = |system: &str, field: &str, branch: &str| {
        let is = |at: &usize| {
            (systems[*at], fields[*at], branches[*at]) == (Some(system), Some(field), Some(branch))
        };
        let at = (0..counts.height()).find(is)?;
        Some(figures.each_ref().map(|column| column[at]))
    };
    assert_eq!(row("deposits", "name", "001"), Some([3, 3, 3, 0]));
    assert_eq!(row("cards", "name", ""), Some([1, 1, 1, 0]));
    assert_eq!(row("deposits", "document_no", "001"), Some([3, 2, 2, 0]));
    assert_eq!(row("cards", "mobile", ""), Some([1, 1, 0, 0]));
    assert_eq!(row("cards", "occupation", ""), Some([1, 1, 1, 1]));
    // Organisations have no sex, and the contract of the cards maps no e-mail.
    assert_eq!(row("deposits", "sex", "001"), Some([2, 1, 1, 0]));
    assert_eq!(row("cards", "email", ""), None);
}
