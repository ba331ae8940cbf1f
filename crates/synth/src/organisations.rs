//! Organisations: companies, some of them in groups.

use crate::chunk::World;
use crate::days::{Day, day_of};
use crate::dice::{Dice, Stream};
use crate::latent::{Latent, leaving};
use crate::numbers::{exp, whole};
use crate::people::documents::credit_code;
use crate::people::places::{Address, REGIONS};

/// An organisation.
#[derive(Clone, Debug)]
pub(crate) struct Organisation {
    /// Number among the clients.
    pub(crate) index: u64,
    /// Name.
    pub(crate) name: String,
    /// Unified social credit code.
    pub(crate) code: String,
    /// Industry, letter of GB/T 4754.
    pub(crate) industry: &'static str,
    /// Number of the group's head.
    pub(crate) parent: Option<u64>,
    /// Address.
    pub(crate) home: Address,
    /// Mobile of the person in charge.
    pub(crate) mobile: String,
    /// Client since.
    pub(crate) since: Day,
    /// Money (income is the turnover), attachment, leaving.
    pub(crate) latent: Latent,
    /// Whether it borrows.
    pub(crate) borrows: bool,
    /// Whether it banks online.
    pub(crate) online: bool,
}

const BRANDS: [&str; 40] = [
    "华", "中", "新", "恒", "金", "天", "东", "海", "盛", "宏", "瑞", "泰", "兴", "永", "国", "信",
    "远", "达", "通", "丰", "润", "鑫", "源", "和", "博", "创", "智", "安", "康", "嘉", "长", "正",
    "广", "福", "美", "联", "正", "顺", "昌", "隆",
];

/// Trade in the name, letter of GB/T 4754.
const TRADES: [(&str, &str); 14] = [
    ("机械制造", "C"),
    ("电子科技", "C"),
    ("食品", "C"),
    ("纺织", "C"),
    ("建筑工程", "E"),
    ("商贸", "F"),
    ("百货", "F"),
    ("物流", "G"),
    ("餐饮管理", "H"),
    ("信息技术", "I"),
    ("房地产开发", "K"),
    ("医药", "C"),
    ("教育咨询", "P"),
    ("农业发展", "A"),
];

/// The name of the `firm`-th firm: employers and clients alike.
pub(crate) fn firm_name(seed: u64, firm: u64) -> String {
    let mut dice = Dice::new(seed, Stream::Organisation, firm, 1);
    let (region, trade) = (dice.index(REGIONS.len()), dice.index(TRADES.len()));
    name(region, trade, &mut dice)
}

fn name(region: usize, trade: usize, dice: &mut Dice) -> String {
    let city = REGIONS[region].city.trim_end_matches('市');
    let brand = format!("{}{}", dice.pick(&BRANDS), dice.pick(&BRANDS));
    let form = if dice.chance(0.15) { "股份有限公司" } else { "有限公司" };
    format!("{city}{brand}{}{form}", TRADES[trade].0)
}

impl Organisation {
    /// The organisation of that number; `heads` are those of the chunk that may lead a group.
    pub(crate) fn draw(world: &World<'_>, index: u64, heads: &[u64]) -> Self {
        let mut dice = Dice::new(world.seed, Stream::Organisation, index, 0);
        let (region, trade) = (dice.index(REGIONS.len()), dice.index(TRADES.len()));
        let spread = dice.unit();
        let opening = day_of(1992, 3, 2);
        let since = (world.last - whole(60.0 + 9_500.0 * spread * spread)).max(opening);
        let parent = (!heads.is_empty() && dice.chance(0.18)).then(|| *dice.pick(heads));
        Self {
            index,
            name: name(region, trade, &mut dice),
            code: credit_code(region, &mut dice),
            industry: TRADES[trade].1,
            parent,
            home: Address::draw(region, &mut dice),
            mobile: format!("13{:09}", dice.below(1_000_000_000)),
            since,
            latent: prospects(&mut dice),
            borrows: dice.chance(0.27),
            online: dice.chance(0.55),
        }
    }

    /// The label in the truth.
    pub(crate) fn label(&self) -> String {
        format!("O{:08}", self.index)
    }
}

fn prospects(dice: &mut Dice) -> Latent {
    let attachment = dice.normal();
    let income = 2_500_000.0 * exp(1.25 * dice.normal());
    let wealth = income * 0.09 * exp(0.7 * dice.normal());
    let share = (0.2 + 0.6 / (1.0 + exp(-1.2 * attachment))).clamp(0.05, 0.95);
    let growth = 0.02 + 0.06 * dice.normal();
    let hazard = 0.005 * exp(-0.8 * attachment);
    let luck = 0.07 * dice.normal();
    Latent { income, wealth, share, growth, attachment, luck, leaves: leaving(hazard, dice) }
}
