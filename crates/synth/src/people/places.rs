//! Where people live: county codes of GB/T 2260 and addresses in the forms systems keep.

use crate::dice::Dice;

/// A county.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Region {
    /// Code of GB/T 2260.
    pub(crate) code: &'static str,
    /// Province.
    pub(crate) province: &'static str,
    /// City.
    pub(crate) city: &'static str,
    /// District.
    pub(crate) district: &'static str,
}

const fn r(
    code: &'static str,
    province: &'static str,
    city: &'static str,
    district: &'static str,
) -> Region {
    Region { code, province, city, district }
}

/// Counties that have kept their code since the eighties.
#[rustfmt::skip]
pub(crate) static REGIONS: [Region; 42] = [
    r("110105", "北京市", "北京市", "朝阳区"), r("110108", "北京市", "北京市", "海淀区"), r("110106", "北京市", "北京市", "丰台区"),
    r("120101", "天津市", "天津市", "和平区"), r("120104", "天津市", "天津市", "南开区"), r("130102", "河北省", "石家庄市", "长安区"),
    r("130202", "河北省", "唐山市", "路南区"), r("140105", "山西省", "太原市", "小店区"), r("210102", "辽宁省", "沈阳市", "和平区"),
    r("210202", "辽宁省", "大连市", "中山区"), r("220102", "吉林省", "长春市", "南关区"), r("230103", "黑龙江省", "哈尔滨市", "南岗区"),
    r("310104", "上海市", "上海市", "徐汇区"), r("310105", "上海市", "上海市", "长宁区"), r("310110", "上海市", "上海市", "杨浦区"),
    r("320102", "江苏省", "南京市", "玄武区"), r("320106", "江苏省", "南京市", "鼓楼区"), r("320302", "江苏省", "徐州市", "鼓楼区"),
    r("330102", "浙江省", "杭州市", "上城区"), r("330106", "浙江省", "杭州市", "西湖区"), r("330203", "浙江省", "宁波市", "海曙区"),
    r("340104", "安徽省", "合肥市", "蜀山区"), r("350102", "福建省", "福州市", "鼓楼区"), r("350203", "福建省", "厦门市", "思明区"),
    r("360102", "江西省", "南昌市", "东湖区"), r("370102", "山东省", "济南市", "历下区"), r("370202", "山东省", "青岛市", "市南区"),
    r("410105", "河南省", "郑州市", "金水区"), r("420106", "湖北省", "武汉市", "武昌区"), r("420111", "湖北省", "武汉市", "洪山区"),
    r("430102", "湖南省", "长沙市", "芙蓉区"), r("430104", "湖南省", "长沙市", "岳麓区"), r("440103", "广东省", "广州市", "荔湾区"),
    r("440106", "广东省", "广州市", "天河区"), r("440304", "广东省", "深圳市", "福田区"), r("450103", "广西壮族自治区", "南宁市", "青秀区"),
    r("510104", "四川省", "成都市", "锦江区"), r("510107", "四川省", "成都市", "武侯区"), r("500103", "重庆市", "重庆市", "渝中区"),
    r("520102", "贵州省", "贵阳市", "南明区"), r("610103", "陕西省", "西安市", "碑林区"), r("610113", "陕西省", "西安市", "雁塔区"),
];

const ROADS: [&str; 20] = [
    "人民路",
    "中山路",
    "解放路",
    "建设路",
    "和平街",
    "文化路",
    "新华路",
    "长江路",
    "黄河路",
    "朝阳街",
    "胜利路",
    "育才街",
    "光明路",
    "东风路",
    "青年路",
    "友谊大街",
    "滨江路",
    "科技路",
    "学院路",
    "园林路",
];
const ESTATES: [&str; 12] = [
    "阳光花园",
    "锦绣家园",
    "世纪城",
    "金桂苑",
    "翠湖名邸",
    "和平里",
    "东方明珠",
    "紫荆园",
    "碧水湾",
    "枫林苑",
    "时代新村",
    "御景园",
];

/// An address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Address {
    /// Which of [`REGIONS`].
    pub(crate) region: usize,
    road: usize,
    estate: usize,
    number: i32,
    building: i32,
    unit: i32,
    room: i32,
}

impl Address {
    /// An address in a region.
    pub(crate) fn draw(region: usize, dice: &mut Dice) -> Self {
        Self {
            region,
            road: dice.index(ROADS.len()),
            estate: dice.index(ESTATES.len()),
            number: dice.between(1, 399),
            building: dice.between(1, 28),
            unit: dice.between(1, 4),
            room: dice.between(1, 28) * 100 + dice.between(1, 4),
        }
    }

    /// The address in one of five forms.
    pub(crate) fn text(&self, form: usize) -> String {
        let Region { province, city, district, .. } = REGIONS[self.region];
        let province = if province == city { "" } else { province };
        let (road, estate) = (ROADS[self.road], ESTATES[self.estate]);
        let Self { number, building, unit, room, .. } = self;
        match form {
            0 => format!(
                "{province}{city}{district}{road}{number}号{estate}{building}栋{unit}单元{room}室"
            ),
            1 => format!("{city}{district}{road}{number}号{building}-{unit}-{room}"),
            2 => format!("{district}{road}{number}号{estate}{building}幢{room}"),
            3 => format!(
                "{province}{city}, {district}, {road}{number}号 {building}号楼{unit}单元{room}"
            ),
            _ => format!("{road}{number}号{estate}{building}栋{room}室"),
        }
    }
}

/// ASCII digits turned into full-width ones.
pub(crate) fn wide_digits(text: &str) -> String {
    let widen = |c: char| match c {
        '0'..='9' => char::from_u32(c as u32 - u32::from(b'0') + 0xff10).unwrap_or(c),
        other => other,
    };
    text.chars().map(widen).collect()
}

/// The code of the branch that serves a region: three branches each.
pub(crate) fn branch(region: usize, third: usize) -> String {
    format!("{}{}", &REGIONS[region].code[..4], 10 + 10 * third + region % 10)
}
