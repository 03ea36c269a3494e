//! Tables about Chinese characters and words: a byte of flags a character, and hashes of words.

use std::sync::LazyLock;

use crate::{cue::CUES, words};

/// Last character of a cue such as 身份证号.
pub(crate) const CUE_END: u8 = 1;
/// First character of a surname.
pub(crate) const SURNAME: u8 = 1 << 1;
/// Abbreviation of a province on a plate.
pub(crate) const PLATE: u8 = 1 << 2;
/// Last character of a division's name.
pub(crate) const REGION_END: u8 = 1 << 3;
/// Last character of a street, a door, a floor, a room.
pub(crate) const STREET_END: u8 = 1 << 4;
/// Last character of the word that closes an organisation's name.
pub(crate) const ORG_END: u8 = 1 << 5;
/// Common in given names.
pub(crate) const GIVEN: u8 = 1 << 6;
/// Ends what stands before it: particles, verbs, prepositions.
pub(crate) const BREAK: u8 = 1 << 7;

/// What a word is.
pub(crate) mod is {
    /// A province or a city of that rank.
    pub const PROVINCE: u16 = 1;
    /// A prefecture.
    pub const PREFECTURE: u16 = 1 << 1;
    /// A county or district.
    pub const COUNTY: u16 = 1 << 2;
    /// A short form, as in 杭州.
    pub const SHORT: u16 = 1 << 3;
    /// Closes an organisation's name.
    pub const ORG: u16 = 1 << 4;
    /// A surname.
    pub const SURNAME: u16 = 1 << 5;
    /// A form of address behind a name.
    pub const TITLE: u16 = 1 << 6;
    /// A verb of saying, behind a name.
    pub const SAYS: u16 = 1 << 7;
    /// A word that starts with a surname and is no name.
    pub const NO_NAME: u16 = 1 << 8;
}

const PLATES: &str = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新";
const STREETS: &str = "路街道巷弄号栋幢楼座室层村组镇乡苑园庄屯桥门里桩库厦场区";
const COMPOUND: &str = "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 南宫 夏侯 端木 轩辕 独孤 呼延 闻人 申屠 太史 公冶 濮阳 淳于 单于 钟离 万俟 澹台 赫连 司空 拓跋 百里 东郭 西门 公羊 谷梁 第五 左丘 乐正 颛孙 鲜于 闾丘 亓官 仉督";
const ORGS: &str = "公司 集团 大学 学院 银行 医院 法院 检察院 委员会 协会 学会 商会 研究所 研究院 研究中心 设计院 出版社 基金会 事务所 俱乐部 联合会 中学 小学 幼儿园 公安局 税务局 管理局 教育局 交通局 派出所 支行 分行 分公司 子公司 合作社 工厂 制造厂 机械厂 化工厂 物流中心 大酒店 酒店 宾馆 饭店 商场 超市 车队 运输队 党委 政府 支队 大队 总局 总公司 交易所 保险公司 有限责任公司 股份有限公司 有限公司 书店 博物馆 图书馆 剧院 电视台 报社 杂志社 通讯社 律师事务所 会计师事务所 联盟 球队 电厂 煤矿 农场 林场";
const TITLES: &str = "先生 女士 小姐 师傅 老师 教授 医生 经理 同志 总经理 董事长 主任 局长 院长 校长 部长 市长 省长 书记 律师 阿姨 大爷 大妈 叔叔 司机 队长 警官 法官 护士 博士 同学 老板 记者 导演 会长 主席 秘书 董事 监事 工程师";
const SAYINGS: &str = "认为 表示 指出 介绍 告诉 称 说 透露 强调 坦言 回忆 解释 透露 补充 写道 担任 出生 毕业 曾任 历任 现任 系 强调 呼吁 宣布 反问 笑称 直言 证实 提醒";
const NO_NAMES: &str = "高兴 高度 高级 高速 高清 高校 高中 高考 高新 高端 高达 时间 时候 时代 时期 时尚 时刻 方面 方式 方法 方案 方便 方向 金额 金融 金属 金牌 安全 安排 安装 安静 全部 全国 全球 全面 全体 成功 成为 成本 成立 成都 成交 成绩 成员 成长 平台 平均 平安 平方 平时 平衡 常见 常常 常用 常务 常驻 关于 关系 关注 关键 关闭 关心 明天 明显 明白 明确 明年 明星 万元 万一 万人 马上 马路 马来 马克 黄金 黄色 白色 白天 白领 何时 何况 何必 何种 任何 任务 任意 任职 相关 相信 相当 相对 相比 相互 相机 向前 向上 向下 项目 应该 应用 应当 应对 钱包 国家 国际 国内 国外 国有 国务 和谐 和平 计算 计划 计量 计费 单位 单号 单据 单价 单元 单独 连续 连接 连锁 连云 路线 路由 路口 路段 路费 车辆 车牌 车主 车型 车站 车间 车道 车号 水平 水果 包括 包装 包含 包裹 都是 都市 都有 都会 都在 通过 通知 通用 党员 党委 党中 解决 解放 解释 解除 程序 程度 程式 施工 施行 施压 经济 经理 利用 利益 利润 利率 利息 元素 元旦 公司 公里 公开 公布 公安 公共 公众 公园 公路 公告 从而 从业 从事 从此 温度 温州 温暖 游戏 游客 游泳 文化 文件 文章 文字 文明 文档 文学 支付 支持 支出 支行 支队 管理 管道 管辖 武汉 武器 武术 江苏 江西 江南 海外 海南 海关 海军 海上 沙发 沙漠 沙特 习惯 习近 易于 易燃 祝福 祝愿 史上 容易 容量 苏州 苏联 商品 商业 商家 商务 商场 商户 宁波 宁夏 宁愿 石油 石家 石头 伊拉 伊朗 双方 双向 双色 后来 后期 边境 边缘 甘肃 农业 农村 农民 农历 司机 司法 司令 左右 左侧 毛病 毛利 印度 印象 印刷 古代 古典 巴西 巴黎 巴士 班级 班车 景区 景点 景气 景观 荣誉 强调 强大 强烈 强化 强制 华为 华尔 华人 华盛 付款 英国 英语 英雄 英超 申请 申报 申购 初步 初期 初中 满足 满意 满分 满载 洪水 查询 查看 查验 查获 尚未 帅气 严重 严格 严厉 丰富 丰田 宝贝 宝马 宝山 雷达 雷曼 费用 费率 空间 空车 空调 空气 曾经 曾任 曾在 展开 展示 展览 展会 越来 越南 卫生 卫星 鲜花 鲜明 季度 季节 季后 顾客 顾问 顾虑 康复 原因 原则 原来 原料 原本 郎咸 能够 能源 能力 钟表 钟头 广告 广东 广州 广大 广场 广播 广泛 焦点 焦虑 牛奶 牛肉 牛市 陆续 陆地 陆军 龙头 龙江 宋体 谈判 谈话 谈及 谈论 明细 盛大 盛行 盛世 章程 麻烦 麻将 米兰 米饭 步骤 步行 贝尔 喻为 台湾 台北 台州 台风 富有 富裕 富豪 欧洲 欧盟 欧元 欧美 花费 花园 花钱 莫斯 莫名 宫殿 乐观 乐趣 乐园 宗教 宗旨 席位 官方 官员 官网 庄园 闻名 井下 印尼 仅仅 党组 时任 时速 柴油 冷藏 冷链 冷静 冷却 童年 盘点 但是 但在 但他 位于 位置 位居 倪匡 战略 战争 战斗 战队 战士 成果 成分 简单 简历 简称 简直 练习 索赔 纪念 纪录 纪委 信息 信用 信任 信号 信心 信托 修改 修复 修理 官司 居民 居住 居然 幸福 幸运 幸好 承运 承担 承认 承诺 敬请 智能 智慧 智力 晚上 普通 普遍 普京 来自 来源 来看 来电 来说 勾结 林业 母亲 母公 楼市 楼盘 检查 梁山 海淀 涂料 由于 由此 皮肤 皮革 盖章 禁止 粟米 红色 罗马 罗湖 茅台 荷兰 蒙古 药品 药物 虎牙 衣服 衡量 角度 豆腐 迟到 那么 那些 那样 那个 那里 那是 那种 部分 部门 部署 门口 门票 门店 门户 问题 阳光 阳台 阴谋 阿里 阿森 阿根 阿富 隆重 项链 风险 齐全 齐鲁";
const GIVEN_CHARS: &str = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂香建国文辉力斌华志红兰玉梅海燕云龙峰林波春宁鹏飞俊宇浩博凯佳欣怡琳雪婷颖慧莹萍丹晶洁倩雯瑶璐悦嘉琪思梦雨晨阳轩子涵梓萱诗依然一诺可馨紫欢安康健永福祥瑞德仁义礼智信忠孝廉荣昌盛兴旺富贵金银宝珠珍珊瑚琴瑟书画诗词才学良贤达聪睿哲彬彦昊天宏广大远航翔腾达成功立业民生世家庭庆喜乐欢笑亮光晖耀辰星月日东南西北中正直清廉新立春夏秋冬松柏竹菊莲荷花叶青山川河江湖泉水源流长久恒毅坚定凤凰麒麟鹤雁虎豹彪武威雄英豪冠群冰霜露雷电风云霞虹彤彩丽美娇媚婉柔淑惠贞洁雅致芬芝茜蓉薇菲蕾蓓翠碧瑾瑜璇玲珑琼瑛珂玥琦钰锦绣绮纯素贤真善如意吉利顺达来根全发财友朋保卫胜利战奇伦启迪开元首先进步升高尚振起义勤俭朴素厚道培养育树柱梁栋材铁钢铜锋锐利剑炎焱煜炜烨煌焕灿烁城坤地坚培基垚均垣墨辉泽润涵沛淇淼清澄渊滨洲浪潮汐沁洪津润济汉沅湘晓旭昕昱晟景晴晗暄曦玺珩璟瑄翰翊翌耘舒航艺苑茂茗若菁蕊蔚行衍诚谦谨豫远迅逸道邦郁钧铭鑫锴镇长闻陶雍霖韬颂颜飒驰骁骏魁鸣鸿麟黎齐龙嫣妍妮娅姝婧嫦嫒媛婵嬿娣妹姣姗娥婕";
const BREAKS: &str = "的在是了和与及到于为由对从向把被将以而或且但就也都很要会能可并给让使有等已未不所其此这那哪谁什么，。、；：！？“”（）《》【】…—送往去至称说认为表示";

/// The tables.
pub(crate) struct Tables {
    flags: Box<[u8]>,
    words: words::Table,
    /// By a hash of two characters, whether a cue, a division or an organisation ends with them.
    endings: Box<[u8]>,
    /// By a hash of a character, whether a title or a verb of saying starts with it.
    behind: [u64; 64],
}

/// A hash of two characters of three bytes each.
#[inline]
fn pair(two: &[u8]) -> usize {
    let sum = two.iter().fold(0_u32, |sum, byte| sum.wrapping_mul(67) ^ u32::from(*byte));
    (sum.wrapping_mul(0x9E37_79B1) >> 18) as usize
}

impl Tables {
    /// Flags of a character of the basic plane.
    #[inline]
    pub fn flags(&self, char: u32) -> u8 {
        self.flags.get(char as usize).copied().unwrap_or(0)
    }

    /// What a word is.
    #[inline]
    pub fn word(&self, word: &[u8]) -> u16 {
        self.words.get(word)
    }

    /// Which of [`CUE_END`], [`REGION_END`] and [`ORG_END`] a word of these last two characters can be: no misses.
    #[inline]
    pub fn ending(&self, two: &[u8]) -> u8 {
        self.endings.get(pair(two)).copied().unwrap_or(0)
    }

    /// Whether a form of address or a verb of saying can start with this character: no misses.
    #[inline]
    pub fn may_be_behind(&self, char: u32) -> bool {
        let at = char as usize % 4_096;
        self.behind.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 == 1)
    }

    fn end(&mut self, word: &str, flag: u8) {
        self.mark(word.chars().last(), flag);
        let last = word.len().checked_sub(6).and_then(|at| word.as_bytes().get(at..));
        if let Some(slot) = last.and_then(|two| self.endings.get_mut(pair(two))) {
            *slot |= flag;
        }
    }

    fn mark(&mut self, char: Option<char>, flag: u8) {
        if let Some(slot) = char.and_then(|char| self.flags.get_mut(char as usize)) {
            *slot |= flag;
        }
    }

    fn add(&mut self, list: &str, bits: u16, last: u8) {
        for word in list.split_whitespace() {
            self.words.add(word, bits);
            self.end(word, last);
        }
    }
}

/// A division's name without its rank, where two characters at least are left.
fn short(name: &str) -> Option<&str> {
    for rank in
        ["特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "地区", "省", "市"]
    {
        if let Some(short) = name.strip_suffix(rank) {
            return (short.chars().count() >= 2).then_some(short);
        }
    }
    None
}

fn build() -> Tables {
    let mut tables = Tables {
        flags: vec![0; 0x1_0000].into_boxed_slice(),
        words: words::Table::new(14),
        endings: vec![0; 1 << 14].into_boxed_slice(),
        behind: [0; 64],
    };
    for (code, name) in words::divisions() {
        let bits = if code % 10_000 == 0 {
            is::PROVINCE
        } else if code % 100 == 0 {
            is::PREFECTURE
        } else {
            is::COUNTY
        };
        tables.add(name, bits, REGION_END);
        if bits != is::COUNTY
            && let Some(short) = short(name)
        {
            tables.add(short, bits | is::SHORT, REGION_END);
        }
    }
    for (_, cues) in CUES {
        for word in cues.split_whitespace().filter(|word| !word.is_ascii()) {
            tables.end(word, CUE_END);
        }
    }
    let surnames = words::surnames();
    for surname in surnames.iter().map(String::as_str).chain(COMPOUND.split_whitespace()) {
        tables.words.add(surname, is::SURNAME);
        tables.mark(surname.chars().next(), SURNAME);
    }
    tables.add(ORGS, is::ORG, ORG_END);
    for word in [TITLES, SAYINGS].iter().flat_map(|list| list.split_whitespace()) {
        let at = word.chars().next().map_or(0, |char| char as usize % 4_096);
        if let Some(slot) = tables.behind.get_mut(at / 64) {
            *slot |= 1 << (at % 64);
        }
    }
    tables.add(TITLES, is::TITLE, 0);
    tables.add(SAYINGS, is::SAYS, 0);
    tables.add(NO_NAMES, is::NO_NAME, 0);
    for (list, flag) in
        [(PLATES, PLATE), (STREETS, STREET_END), (GIVEN_CHARS, GIVEN), (BREAKS, BREAK)]
    {
        list.chars().for_each(|char| tables.mark(Some(char), flag));
    }
    for char in words::given() {
        tables.mark(Some(char), GIVEN);
    }
    tables
}

/// Built once.
pub(crate) static TABLES: LazyLock<Tables> = LazyLock::new(build);
