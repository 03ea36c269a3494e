//! Mixed logs: seeded lines as servers, applications and databases write them. No line is a real one.

use std::fmt::Write;

/// A small generator of numbers (xorshift*), so that the same seed gives the same logs everywhere.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// From a seed that is not 0.
    pub fn new(seed: u64) -> Self {
        Self(seed.max(1))
    }

    /// The next number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % bound.max(1)
    }

    /// One of these.
    pub fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all.get(self.below(all.len() as u64) as usize).copied().unwrap_or_default()
    }
}

const AGENTS: &[&str] = &[
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.6422.165 Mobile Safari/537.36",
    "okhttp/4.12.0",
    "curl/8.5.0",
];
const PATHS: &[&str] = &[
    "/v1/freight/loads",
    "/v1/freight/orders",
    "/static/app.4f2a9c.js",
    "/healthz",
    "/v1/account/sessions",
    "/v1/freight/board?near=30.27,120.15&radius_km=50",
    "/tiles/12/3421/1689.mvt",
    "/favicon.ico",
];
const LEVELS: &[&str] = &["INFO", "INFO", "INFO", "DEBUG", "WARN", "ERROR"];
const LOGGERS: &[&str] = &[
    "c.s.freight.OrderService",
    "c.s.gate.AuditWriter",
    "o.s.web.servlet.DispatcherServlet",
    "c.z.hikari.pool.HikariPool",
    "c.s.road.RouteCache",
];
const DONE_ZH: &[&str] = &[
    "订单状态已更新",
    "货物已装车，等待司机确认",
    "路线规划完成",
    "缓存未命中，回源查询",
    "推送任务执行完成",
    "消息已写入队列",
    "库存校验通过",
    "开始同步运价数据",
];
const SURNAMES: &[&str] = &["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴"];
const GIVEN: &[&str] =
    &["伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "建国", "志强", "秀英", "海燕"];
const CITIES: &[&str] = &[
    "浙江省杭州市西湖区文三路",
    "广东省深圳市南山区科技园南路",
    "江苏省南京市鼓楼区中山北路",
    "四川省成都市武侯区天府大道",
];

fn mobile(dice: &mut Dice) -> String {
    format!("1{}{:09}", dice.of(&["3", "5", "7", "8"]), dice.below(1_000_000_000))
}

fn resident(dice: &mut Dice) -> String {
    let mut number = format!(
        "{}{}{:02}{:02}{:03}",
        dice.of(&["110105", "330106", "440305", "510107", "320106"]),
        1950 + dice.below(55),
        1 + dice.below(12),
        1 + dice.below(28),
        dice.below(1_000)
    );
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 =
        number.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    number.push(char::from(b"10X98765432"[(sum % 11) as usize]));
    number
}

fn stamp(dice: &mut Dice) -> String {
    format!(
        "2026-{:02}-{:02} {:02}:{:02}:{:02}.{:03}",
        1 + dice.below(12),
        1 + dice.below(28),
        dice.below(24),
        dice.below(60),
        dice.below(60),
        dice.below(1_000)
    )
}

fn ip(dice: &mut Dice) -> String {
    format!("{}.{}.{}.{}", 1 + dice.below(223), dice.below(256), dice.below(256), dice.below(256))
}

fn uuid(dice: &mut Dice) -> String {
    let mut part = || format!("{:08x}", dice.below(1 << 31) * 2);
    let (a, b, c, d) = (part(), part(), part(), part());
    format!("{a}-{}-4{}-a{}-{d}{}", &b[..4], &b[5..], &c[5..], &c[..4])
}

/// One line; about one in `rare` names a person.
fn line(dice: &mut Dice, rare: u64, out: &mut String) {
    let personal = dice.below(rare) == 0;
    let stamp = stamp(dice);
    let _ = match dice.below(7) {
        0 | 1 => {
            let (ip, path, agent) = (ip(dice), dice.of(PATHS), dice.of(AGENTS));
            let query = if personal { format!("&phone={}", mobile(dice)) } else { String::new() };
            writeln!(
                out,
                "{ip} - - [12/Mar/2026:{:02}:{:02}:{:02} +0800] \"GET {path}{query} HTTP/1.1\" 200 {} \"-\" \"{agent}\" 0.{:03}",
                dice.below(24),
                dice.below(60),
                dice.below(60),
                dice.below(100_000),
                dice.below(1_000)
            )
        }
        2 => {
            let (level, id) = (dice.of(LEVELS), uuid(dice));
            let who = if personal {
                format!(
                    ",\"name\":\"{}{}\",\"id_card\":\"{}\"",
                    dice.of(SURNAMES),
                    dice.of(GIVEN),
                    resident(dice)
                )
            } else {
                String::new()
            };
            writeln!(
                out,
                "{{\"time\":\"{}\",\"level\":\"{level}\",\"target\":\"sarai::freight\",\"trace_id\":\"{id}\",\"order.id\":\"{}\",\"duration_ms\":{},\"rows\":{}{who}}}",
                stamp.replace(' ', "T"),
                dice.below(1 << 31) * 4_096,
                dice.below(500),
                dice.below(50)
            )
        }
        3 => {
            let (level, logger, done) = (dice.of(LEVELS), dice.of(LOGGERS), dice.of(DONE_ZH));
            let who = if personal {
                format!("，司机{}{}，手机{}", dice.of(SURNAMES), dice.of(GIVEN), mobile(dice))
            } else {
                String::new()
            };
            writeln!(
                out,
                "{stamp}  {level} [http-nio-8080-exec-{}] {logger} - {done}，订单号{}，耗时{}ms{who}",
                dice.below(200),
                dice.below(1 << 31) * 65_536,
                dice.below(3_000)
            )
        }
        4 => writeln!(
            out,
            "Mar 12 {:02}:{:02}:{:02} node-{} kernel: [{}.{:06}] eth0: link up, 10000 Mbps, full duplex, flow control rx/tx",
            dice.below(24),
            dice.below(60),
            dice.below(60),
            dice.below(40),
            dice.below(1_000_000),
            dice.below(1_000_000)
        ),
        5 => {
            let address = if personal {
                format!("{}{}号", dice.of(CITIES), 1 + dice.below(900))
            } else {
                "NULL".to_owned()
            };
            writeln!(
                out,
                "INSERT INTO loads (id, origin, weight_kg, price_cents, created_at, note) VALUES ('{}', {}, {}, {}, '{stamp}', '{address}');",
                uuid(dice),
                dice.below(659_000),
                dice.below(33_000),
                dice.below(900_000)
            )
        }
        _ => {
            let mail = if personal {
                format!(" user=\"zh{}@mail.example.org\"", dice.below(10_000))
            } else {
                String::new()
            };
            writeln!(
                out,
                "ts={} level=info component=route cache_hit={} nodes_settled={} km={}.{} took_us={}{mail} msg=\"route computed for profile truck\"",
                stamp.replace(' ', "T"),
                dice.below(2) == 0,
                dice.below(90_000),
                dice.below(2_000),
                dice.below(10),
                dice.below(40_000)
            )
        }
    };
}

/// Mixed logs of at least this many bytes, in which about one line in twenty names a person.
pub fn mixed(bytes: usize, seed: u64) -> Vec<u8> {
    let mut dice = Dice::new(seed);
    let mut out = String::with_capacity(bytes + 512);
    while out.len() < bytes {
        line(&mut dice, 20, &mut out);
    }
    out.into_bytes()
}

/// As [`mixed`], but no line names a person.
pub fn plain(bytes: usize, seed: u64) -> Vec<u8> {
    let mut dice = Dice::new(seed);
    let mut out = String::with_capacity(bytes + 512);
    while out.len() < bytes {
        line(&mut dice, u64::MAX, &mut out);
    }
    out.into_bytes()
}
