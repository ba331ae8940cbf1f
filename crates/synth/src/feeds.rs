//! The files of the bank, in the shapes its systems write them: the generator's side of
//! `jobs/sources/*.toml`.

/// How a row is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Separated fields.
    Separated {
        /// Between two fields.
        by: &'static str,
        /// When a field stands in double quotes.
        quotes: Quotes,
    },
    /// Fields of these widths, counted in GB18030 bytes.
    Fixed(&'static [usize]),
    /// One JSON object.
    Json,
}

/// When a field stands in double quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quotes {
    /// Never.
    Never,
    /// Where it holds a separator or a quote.
    Needed,
    /// Always.
    Always,
}

/// What stands around the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// Nothing.
    Bare,
    /// A line with the column names.
    Names,
    /// A header record with the business date.
    Header(&'static str),
    /// A header record, and a trailer record with count and, where asked, total.
    HeaderTrailer {
        /// The file's code in the header.
        code: &'static str,
        /// Whether the trailer holds the total.
        total: bool,
        /// Whether the count includes header and trailer.
        all: bool,
    },
}

/// One kind of file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FeedSpec {
    /// The feed.
    pub(crate) feed: Feed,
    /// System; `truth` for what no night reads.
    pub(crate) system: &'static str,
    /// File name; `{date}` stands for the business date.
    pub(crate) file: &'static str,
    /// Whether Chinese text is written as GB18030 rather than UTF-8.
    pub(crate) gb: bool,
    /// Whether it is one gzip member.
    pub(crate) gzip: bool,
    /// How a row is laid out.
    pub(crate) layout: Layout,
    /// What stands around the rows.
    pub(crate) frame: Frame,
    /// Whether dates are written as YYYY-MM-DD rather than YYYYMMDD.
    pub(crate) dashed: bool,
    /// What stands for no value.
    pub(crate) null: &'static str,
    /// Columns, separated by blanks.
    pub(crate) columns: &'static str,
    /// The column of the trailer's total.
    pub(crate) amount: Option<usize>,
}

/// The files by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub(crate) enum Feed {
    DepCustomer, DepAccount, DepAgreement, DepBalance, DepEvent, DepRate, DepBranch,
    CrdCard, CrdMovement, CrdBalance,
    LnBorrower, LnLoan, LnBalance, LnRepayment,
    FndInvestor, FndHolding, FndValue, FndTrade,
    InsPerson, InsPolicy, InsPremium, InsValue,
    EbUser, EbLogin,
    CareCaller, CareContact, CareVoice,
    TruthIdentity, TruthFuture, TruthHousehold,
}

/// The widths of the card file.
pub(crate) const CARD_WIDTHS: &[usize] = &[
    16, 2, 11, 20, 24, 1, 20, 8, 1, 18, 72, 2, 36, 2, 12, 1, 1, 8, 1, 2, 17, 12, 8, 8, 8, 8, 1, 6,
];

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
        gb: false,
        gzip: false,
        layout,
        frame: Frame::Bare,
        dashed: true,
        null: "",
        columns,
        amount: None,
    }
}

const fn deposits(feed: Feed, file: &'static str, gzip: bool, columns: &'static str) -> FeedSpec {
    let base = spec(feed, "deposits", file, columns);
    FeedSpec { gb: true, gzip, frame: Frame::Names, dashed: false, ..base }
}

const fn cards(feed: Feed, file: &'static str, columns: &'static str) -> FeedSpec {
    let layout = Layout::Separated { by: "\u{1}", quotes: Quotes::Never };
    let gzip = matches!(feed, Feed::CrdMovement);
    FeedSpec { gzip, layout, dashed: false, ..spec(feed, "cards", file, columns) }
}

const fn loans(
    feed: Feed,
    file: &'static str,
    code: &'static str,
    amount: Option<usize>,
    columns: &'static str,
) -> FeedSpec {
    let quotes = if matches!(feed, Feed::LnBorrower) { Quotes::Needed } else { Quotes::Never };
    let layout = Layout::Separated { by: ",", quotes };
    let all = matches!(feed, Feed::LnRepayment);
    let gzip = matches!(feed, Feed::LnRepayment);
    let frame = Frame::HeaderTrailer { code, total: amount.is_some(), all };
    FeedSpec { gzip, layout, frame, amount, ..spec(feed, "loans", file, columns) }
}

const fn funds(feed: Feed, file: &'static str, columns: &'static str) -> FeedSpec {
    FeedSpec { layout: Layout::Json, ..spec(feed, "funds", file, columns) }
}

const fn insurance(feed: Feed, file: &'static str, columns: &'static str) -> FeedSpec {
    let layout = Layout::Separated { by: "\u{1}", quotes: Quotes::Never };
    FeedSpec { layout, null: "\\N", ..spec(feed, "insurance", file, columns) }
}

const fn quoted(
    feed: Feed,
    system: &'static str,
    file: &'static str,
    by: &'static str,
    columns: &'static str,
) -> FeedSpec {
    let layout = Layout::Separated { by, quotes: Quotes::Always };
    let gzip = matches!(feed, Feed::EbUser | Feed::EbLogin);
    FeedSpec { gzip, layout, frame: Frame::Names, ..spec(feed, system, file, columns) }
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
    deposits(Feed::DepBranch, "DEP_BRCH_{date}.dat", false, "branch_no branch_name region avg_pay"),
    FeedSpec { layout: Layout::Fixed(CARD_WIDTHS), gb: true,
        ..cards(Feed::CrdCard, "CRD_CARD_{date}.txt",
        "card_no card_seq cust_no cust_name emboss_name cert_type cert_no birth sex mobile addr occ employer work_years \
         income edu marital since profiling card_type link_acct credit_line rate_pct opened expiry ended card_stat branch") },
    cards(Feed::CrdMovement, "CRD_TXN_{date}.dat.gz", "txn_id card_no txn_date txn_type amount channel"),
    cards(Feed::CrdBalance, "CRD_BAL_{date}.dat", "card_no bal_date owed avg_owed"),
    loans(Feed::LnBorrower, "LN_BORROWER_{date}.csv", "BORROWER", None,
        "borrower_id borrower_kind name paper paper_no born sex mobile address occupation employer years_of_service \
         income_year family_role family_size education marital since branch industry"),
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
    quoted(Feed::EbUser, "ebank", "eb_user_{date}.csv.gz", ",",
        "user_id user_kind display_name id_kind id_number mobile email registered cancelled personalised state"),
    quoted(Feed::EbLogin, "ebank", "eb_login_{date}.csv.gz", ",", "user_id last_login touchpoint logins"),
    quoted(Feed::CareCaller, "care", "care_caller_{date}.csv", ";",
        "caller_ref caller_name id_no phone email first_contact no_profiling"),
    quoted(Feed::CareContact, "care", "care_contact_{date}.csv", ";", "contact_no caller_ref day way topic"),
    quoted(Feed::CareVoice, "care", "care_voice_{date}.csv", ";",
        "voice_no caller_ref day kind nps experience expectation severity resolved joined"),
    truth(Feed::TruthIdentity, "identity.csv", "system,party_key,person"),
    truth(Feed::TruthFuture, "future.csv", "person,kind,leaves_within_months,true_future_margin"),
    truth(Feed::TruthHousehold, "households.csv", "household,person,role"),
];

/// Flags that close a system's package, `{date}` as above.
pub(crate) const FLAGS: [(&str, &str); 3] =
    [("deposits", "DEP_{date}.OK"), ("cards", "CRD_{date}.ok"), ("insurance", "ins_{date}.done")];

impl FeedSpec {
    /// Column names in file order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.columns.split([' ', ','])
    }

    /// The lines before the rows; none of it needs a character set.
    pub(crate) fn head(&self, stamp: &str) -> String {
        match (self.frame, self.layout) {
            (Frame::Names, Layout::Separated { by, quotes }) => {
                let quote = if quotes == Quotes::Always { "\"" } else { "" };
                let names: Vec<String> =
                    self.names().map(|n| format!("{quote}{n}{quote}")).collect();
                names.join(by) + "\n"
            }
            (Frame::Header(code), Layout::Separated { by, .. }) => {
                format!("HDR{by}{stamp}{by}{code}\n")
            }
            (Frame::HeaderTrailer { code, .. }, Layout::Separated { by, .. }) => {
                format!("HDR{by}{code}{by}{stamp}\n")
            }
            _ => String::new(),
        }
    }

    /// The line after the rows.
    pub(crate) fn tail(&self, rows: u64, total: i64) -> String {
        let (Frame::HeaderTrailer { total: with_total, all, .. }, Layout::Separated { by, .. }) =
            (self.frame, self.layout)
        else {
            return String::new();
        };
        let count = rows + if all { 2 } else { 0 };
        let total = if with_total { format!("{by}{}", model::Money(total)) } else { String::new() };
        format!("TRL{by}{count}{total}\n")
    }
}
