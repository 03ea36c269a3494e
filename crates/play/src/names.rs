//! Synthetic names, telephone numbers and plates.

use crate::world::Dice;

const FAMILY: [&str; 24] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "马", "朱", "胡", "郭",
    "何", "林", "高", "罗", "郑", "梁", "谢", "宋",
];
const GIVEN: [&str; 28] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明",
    "超", "霞", "平", "刚", "桂", "英", "华", "建", "文", "辉", "力", "成",
];
const COMPANY: [&str; 16] = [
    "恒通", "顺达", "金桥", "华远", "鑫源", "东盛", "佳运", "宏图", "永兴", "瑞丰", "中联", "百川",
    "长青", "汇通", "大成", "安捷",
];
const TRADE: [&str; 8] = ["钢材", "纺织", "机电", "粮油", "建材", "化纤", "食品", "汽配"];
const REGIONS: [&str; 14] =
    ["苏", "浙", "沪", "鲁", "皖", "豫", "粤", "冀", "鄂", "湘", "赣", "闽", "川", "津"];

/// A synthetic person's name.
pub fn person(dice: &mut Dice) -> String {
    let mut name = String::from(dice.pick(&FAMILY));
    for _ in 0..=dice.below(2) {
        name.push_str(dice.pick(&GIVEN));
    }
    name
}

/// A synthetic company's name in `city`.
pub fn company(dice: &mut Dice, city: &str) -> String {
    format!("{city}{}{}有限公司", dice.pick(&COMPANY), dice.pick(&TRADE))
}

/// A telephone number in a block that is not assigned to anybody: +86 100 and eight digits that count up.
pub fn phone(number: u32) -> String {
    format!("+86100{number:08}")
}

/// A synthetic plate: yellow plates of trucks have five characters after the letter.
pub fn plate(dice: &mut Dice) -> String {
    const LETTERS: [&str; 8] = ["A", "B", "C", "D", "E", "F", "G", "H"];
    const DIGITS: [&str; 18] =
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "K", "L", "M", "P", "Q", "R", "S", "T"];
    let mut plate = format!("{}{}", dice.pick(&REGIONS), dice.pick(&LETTERS));
    for _ in 0..5 {
        plate.push_str(dice.pick(&DIGITS));
    }
    plate
}
