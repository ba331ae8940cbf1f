//! Every file of the bank.

use super::{Coding, Column, Feed, FeedSpec, Form, Frame, Layout, Packed, Quotes, Sides};
use crate::records::Item;

/// The widths of the card file.
const CARD_WIDTHS: &[usize] = &[
    16, 2, 11, 20, 24, 1, 20, 8, 1, 18, 72, 2, 36, 2, 12, 1, 1, 8, 1, 2, 17, 12, 8, 8, 8, 8, 1, 6,
];

/// The record of a borrower: `jobs/sources/copybooks/ln_borrower.cpy`.
#[rustfmt::skip]
const BORROWER: &[Item] = &[
    Item::Text(11), Item::Text(1), Item::Text(60), Item::Text(4), Item::Text(20), Item::Day, Item::Text(1),
    Item::Text(20), Item::Text(120), Item::Text(16), Item::Text(60), Item::Packed(3), Item::Packed(13),
    Item::Text(8), Item::Digits(2), Item::Text(16), Item::Text(8), Item::Day, Item::Text(6), Item::Text(4),
];

/// Movements of cards: purchases and interest are debits.
const CARD_SIDES: Sides =
    Sides { by: 3, debit: &["PUR", "INT"], credit: &["REP", "RFD"], hash: 1, digits: 12 };

const fn spec(
    feed: Feed,
    system: &'static str,
    file: &'static str,
    columns: &'static str,
) -> FeedSpec {
    let layout = Layout::Separated { by: "|+|", quotes: Quotes::Never };
    FeedSpec {
        feed,
        system,
        file,
        package: None,
        coding: Coding::Utf8,
        packed: Packed::No,
        form: Form::Lines,
        layout,
        frame: Frame::Bare,
        dashed: true,
        null: "",
        columns,
        amount: None,
        sides: None,
    }
}

const fn gzip(packs: bool) -> Packed {
    if packs { Packed::Gzip } else { Packed::No }
}

/// Fields that become something else than a line: nothing stands around them but 0x01.
const fn fields() -> Layout {
    Layout::Separated { by: "\u{1}", quotes: Quotes::Never }
}

const fn deposits(feed: Feed, file: &'static str, packs: bool, columns: &'static str) -> FeedSpec {
    let base = spec(feed, "deposits", file, columns);
    let packed = gzip(packs);
    FeedSpec { coding: Coding::Gb18030, packed, frame: Frame::Names, dashed: false, ..base }
}

const fn cards(feed: Feed, file: &'static str, columns: &'static str) -> FeedSpec {
    FeedSpec { layout: fields(), dashed: false, ..spec(feed, "cards", file, columns) }
}

const fn loans(
    feed: Feed,
    file: &'static str,
    code: &'static str,
    amount: Option<usize>,
    columns: &'static str,
) -> FeedSpec {
    let layout = Layout::Separated { by: ",", quotes: Quotes::Never };
    let all = matches!(feed, Feed::LnRepayment);
    let frame = Frame::HeaderTrailer { code, total: amount.is_some(), all };
    let packed = gzip(matches!(feed, Feed::LnRepayment));
    FeedSpec { packed, layout, frame, amount, ..spec(feed, "loans", file, columns) }
}

const fn funds(feed: Feed, file: &'static str, columns: &'static str) -> FeedSpec {
    let package = if matches!(feed, Feed::FndValue) { None } else { Some("FND_{date}.tar.gz") };
    FeedSpec { package, layout: Layout::Json, ..spec(feed, "funds", file, columns) }
}

const fn insurance(feed: Feed, file: &'static str, columns: &'static str) -> FeedSpec {
    FeedSpec { layout: fields(), null: "\\N", ..spec(feed, "insurance", file, columns) }
}

const fn care(feed: Feed, file: &'static str, columns: &'static str) -> FeedSpec {
    let layout = Layout::Separated { by: ";", quotes: Quotes::Always };
    FeedSpec { layout, frame: Frame::Names, ..spec(feed, "care", file, columns) }
}

const fn truth(feed: Feed, file: &'static str, columns: &'static str) -> FeedSpec {
    let layout = Layout::Separated { by: ",", quotes: Quotes::Never };
    FeedSpec { layout, frame: Frame::Names, ..spec(feed, "truth", file, columns) }
}

/// Every file, in the order of [`Feed`].
#[rustfmt::skip]
pub(crate) static FEEDS: [FeedSpec; 30] = [
    deposits(Feed::DepCustomer, "DEP_CUST_{date}.dat", false,
        "cust_no cust_type cust_name cert_type cert_no birth_dt sex mobile email addr occ_cd employer work_years \
         year_income edu_cd marital_cd open_dt branch_no mgr_no industry_cd group_cust_no profiling cust_stat"),
    deposits(Feed::DepAccount, "DEP_ACCT_{date}.dat", false,
        "acct_no cust_no joint_cust_no prod_cd ccy open_dt mature_dt close_dt rate_pct branch_no acct_stat"),
    deposits(Feed::DepAgreement, "DEP_AGRM_{date}.dat", false,
        "agr_no acct_no agr_type start_dt end_dt branch_no"),
    deposits(Feed::DepBalance, "DEP_BAL_{date}.dat.gz", true, "acct_no bal_dt bal avg_bal"),
    deposits(Feed::DepEvent, "DEP_EVT_{date}.dat.gz", true,
        "txn_no acct_no agr_no txn_dt dc amt bal_after chan_cd txn_cd"),
    FeedSpec { dashed: true, frame: Frame::Header("CNY"),
        ..deposits(Feed::DepRate, "DEP_FTP_{date}.dat", false, "curve valid_dt tenor rate_pct") },
    FeedSpec { coding: Coding::Utf8, layout: fields(),
        form: Form::Sheet(&[Column::Text, Column::Text, Column::Text, Column::Number]),
        ..deposits(Feed::DepBranch, "DEP_BRCH_{date}.xlsx", false, "branch_no branch_name region avg_pay") },
    FeedSpec { layout: Layout::Fixed(CARD_WIDTHS), coding: Coding::Gb18030,
        ..cards(Feed::CrdCard, "CRD_CARD_{date}.txt",
        "card_no card_seq cust_no cust_name emboss_name cert_type cert_no birth sex mobile addr occ employer work_years \
         income edu marital since profiling card_type link_acct credit_line rate_pct opened expiry ended card_stat branch") },
    FeedSpec { packed: Packed::Zstd, amount: Some(4), sides: Some(CARD_SIDES),
        frame: Frame::HeaderTrailer { code: "TXN", total: true, all: false },
        ..cards(Feed::CrdMovement, "CRD_TXN_{date}.dat.zst", "txn_id card_no txn_date txn_type amount channel") },
    cards(Feed::CrdBalance, "CRD_BAL_{date}.dat", "card_no bal_date owed avg_owed"),
    FeedSpec { layout: fields(), form: Form::Records(BORROWER), dashed: false,
        ..loans(Feed::LnBorrower, "LN_BORROWER_{date}.bin", "BORROWER", None,
        "borrower_id borrower_kind name paper paper_no born sex mobile address_line occupation employer years_of_service \
         income_year family_role family_size education marital since branch industry") },
    loans(Feed::LnLoan, "LN_LOAN_{date}.csv", "LOAN", Some(4),
        "loan_id borrower_id co_borrower_id kind principal rate_pct granted due settled state branch"),
    loans(Feed::LnBalance, "LN_BAL_{date}.csv", "BAL", Some(2), "loan_id day outstanding average"),
    loans(Feed::LnRepayment, "LN_REPAY_{date}.csv.gz", "REPAY", Some(3), "repay_id loan_id day paid via"),
    funds(Feed::FndInvestor, "FND_INVESTOR_{date}.jsonl",
        "investor name doc_type doc_no birth sex mobile email address income since"),
    funds(Feed::FndHolding, "FND_HOLDING_{date}.jsonl", "holding investor class first_bought matures sold_out"),
    funds(Feed::FndValue, "FND_VALUE_{date}.jsonl", "holding day market_value month_average"),
    funds(Feed::FndTrade, "FND_TRADE_{date}.jsonl", "trade holding day side amount via"),
    insurance(Feed::InsPerson, "ins_person_{date}.txt",
        "person_no name id_type id_no birthday gender phone address job family_role family_size since"),
    insurance(Feed::InsPolicy, "ins_policy_{date}.txt", "policy_no person_no plan from_day to_day lapsed sum_insured"),
    insurance(Feed::InsPremium, "ins_premium_{date}.txt", "premium_no policy_no paid_on amount paid_by"),
    insurance(Feed::InsValue, "ins_value_{date}.txt", "policy_no day cash_value month_average"),
    FeedSpec { coding: Coding::Utf16, packed: Packed::Gzip, frame: Frame::Names,
        layout: Layout::Separated { by: "\t", quotes: Quotes::Never },
        ..spec(Feed::EbUser, "ebank", "eb_user_{date}.txt.gz",
        "user_id user_kind display_name id_kind id_number mobile email registered cancelled personalised state") },
    FeedSpec { layout: fields(),
        form: Form::Parquet(&[Column::Text, Column::Day, Column::Text, Column::Number]),
        ..spec(Feed::EbLogin, "ebank", "eb_login_{date}.parquet", "user_id last_login touchpoint logins") },
    care(Feed::CareCaller, "care_caller_{date}.csv", "caller_ref caller_name id_no phone email first_contact no_profiling"),
    care(Feed::CareContact, "care_contact_{date}.csv", "contact_no caller_ref day way topic note"),
    care(Feed::CareVoice, "care_voice_{date}.csv",
        "voice_no caller_ref day kind nps experience expectation severity resolved joined"),
    truth(Feed::TruthIdentity, "identity.csv", "system,party_key,person"),
    truth(Feed::TruthFuture, "future.csv", "person,kind,leaves_within_months,true_future_margin"),
    truth(Feed::TruthHousehold, "households.csv", "household,person,role"),
];

/// Flags that close a system's delivery, `{date}` as above.
pub(crate) const FLAGS: [(&str, &str); 4] = [
    ("deposits", "DEP_{date}.OK"),
    ("cards", "CRD_{date}.ok"),
    ("funds", "FND_{date}.OK"),
    ("insurance", "ins_{date}.done"),
];
