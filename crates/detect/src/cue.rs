//! Cues: words that say what stands beside them, in keys (`id_card=`), prose ("passport number") and Chinese (身份证号).
//!
//! The same list names columns. A word with `~` is a cue in prose only: as a key or a column it says too little.

use std::sync::LazyLock;

use crate::{Category, words::Table};

use Category as C;

/// Words by what they announce. Keys are written without `_`, `-`, `.` and spaces.
pub(crate) const CUES: &[(Category, &str)] = &[
    (
        C::IdResident,
        "sfz sfzh sfzhm sfzhao shenfenzheng shenfenzhenghao idcard idcardno idcardnumber idcardnum idno idnumber identityno identitynumber identitycard identity identification citizenid residentid nationalid certno certnum certnumber certificateno zjhm zjh cardid idnum idcode pid18 idcardcode credentialno 身份证 身份证号 身份证号码 身份证件号 身份证件号码 公民身份号码 居民身份证 证件号 证件号码 证件编号",
    ),
    (C::IdResidencePermit, "residencepermit 居住证 居住证号 居住证号码"),
    (
        C::IdPassport,
        "passport passportno passportnumber passportnum passportid hz huzhao hzh 护照 护照号 护照号码 护照编号",
    ),
    (
        C::IdPermitHm,
        "homereturn huixiangzheng 回乡证 回乡证号 来往内地通行证 港澳通行证 港澳居民来往内地通行证",
    ),
    (C::IdPermitTw, "taibaozheng mtp 台胞证 台胞证号 大陆通行证 台湾居民来往大陆通行证"),
    (
        C::IdTravelPermit,
        "travelpermit exitentrypermit 往来港澳通行证 往来台湾通行证 通行证 通行证号",
    ),
    (C::IdHkid, "hkid 香港身份证"),
    (
        C::IdDriverLicence,
        "driverlicense driverslicense driverlicence driverslicence drivinglicense drivinglicence driverlicenseno drivinglicenseno licenseno licenceno licensenumber dlnumber ~license ~licence ~licenses jsz jszh jiashizheng daxh danganbianhao 驾驶证 驾驶证号 驾照 驾照号 驾驶证档案编号 档案编号 档案号",
    ),
    (
        C::IdDriverQualification,
        "qualificationno qualificationcert cyzgz congyezige 从业资格证 从业资格证号 资格证号",
    ),
    (
        C::IdSocial,
        "socialsecurityno sbkh shebao shebaohao 社保号 社保卡号 社会保障号 社会保障号码 社保",
    ),
    (C::IdMilitary, "militaryid officerid 军官证 士兵证 军人证 军官证号"),
    (C::IdSsn, "ssn socialsecurity socialsecuritynumber ~social ~security taxpayerid tin"),
    (C::IdItin, "itin"),
    (C::IdNino, "nino nationalinsurance nationalinsurancenumber"),
    (C::IdAadhaar, "aadhaar aadhar uidai"),
    (C::IdCccd, "cccd cancuoc cmnd"),
    (C::IdMynumber, "mynumber kojinbango"),
    (C::IdRrn, "rrn jumin"),
    (C::TaxInn, "inn"),
    (C::TaxSteuer, "steuerid steueridnr steuernummer idnr"),
    (C::HealthNhs, "nhs nhsno nhsnumber"),
    (
        C::ContactMobile,
        "sj sjh sjhm shouji shoujihao mobile mobileno mobilenumber mobilephone mobiles msisdn cellphone phone phoneno phonenumber phonenum userphone contactphone telephone telno tel telnumber phone1 phone2 lxdh lianxidianhua lxfs contactnumber contactno dianhua cell whatsapp 手机 手机号 手机号码 移动电话 联系电话 联系方式 电话 电话号码 拨打 致电 来电 热线 联系手机 手机尾号 绑定手机",
    ),
    (
        C::ContactPhone,
        "fax faxno desk office officephone homephone workphone hotline ~call ~calling ~called ~dial ~reach ~messages ~message ~text ~sms ~answering ~ring ~registered ~contact ~extension 传真 座机 固话 固定电话 办公电话 分机",
    ),
    (
        C::ContactEmail,
        "email mail emailaddress emailaddr youxiang dzyx yx 邮箱 电子邮箱 邮件 电子邮件",
    ),
    (
        C::ContactAddress,
        "address addr addr1 addr2 address1 address2 street streetaddress postaladdress mailingaddress shippingaddress billingaddress deliveryaddress homeaddr dz dizhi xxdz lxdz zhuzhi shdz jtzz jiatingzhuzhi location place receiveraddress 地址 住址 详细地址 收货地址 家庭住址 联系地址 通讯地址 户籍地址 居住地址 现住址 住所 装货地址 卸货地址 发货地址 送货地址 户籍所在地",
    ),
    (C::AddressHome, "homeaddress home homeloc homelocation 家庭地址 家"),
    (
        C::AddressWork,
        "workaddress companyaddress officeaddress workloc worklocation companyloc 公司地址 单位地址 工作地址",
    ),
    (C::ContactPostcode, "zip zipcode postcode postalcode postal yzbm youbian 邮编 邮政编码"),
    (C::ContactList, "contacts contactlist addressbook phonebook txl tongxunlu 通讯录 联系人列表"),
    (
        C::FinanceCard,
        "card cardno cardnumber cardnum bankcard bankcardno creditcard creditcardnumber creditcardno debitcard pan ccnumber ccnum cc yhk yhkh yinhangka khao kahao ~visa ~mastercard 银行卡 银行卡号 卡号 信用卡 信用卡号 储蓄卡 借记卡 收款账户 收款卡号 付款卡号",
    ),
    (C::FinanceCvv, "cvv cvv2 cvc securitycode 安全码"),
    (
        C::FinanceAccount,
        "account accountno accountnumber acctno bankaccount bankaccountno yhzh yinhangzhanghao zhanghao 银行账号 银行账户 账号 帐号 账户 开户账号 对公账户",
    ),
    (C::FinanceIban, "iban"),
    (
        C::FinanceAmount,
        "salary wage income yuexin gongzi shouru balance yue 工资 薪资 收入 月薪 年薪 余额",
    ),
    (
        C::OrgUscc,
        "uscc creditcode socialcreditcode unifiedcode tyshxydm shxydm xydm 统一社会信用代码 社会信用代码 信用代码 税号 纳税人识别号",
    ),
    (C::OrgCode, "orgcode organizationcode zzjgdm 组织机构代码"),
    (C::OrgReg, "regno businessreg gszch 工商注册号 注册号 营业执照注册号"),
    (
        C::OrgLicence,
        "jyxkz jyxkzh businesslicence businesslicense 经营许可证 经营许可证号 道路运输经营许可证",
    ),
    (C::OrgEin, "ein employerid"),
    (C::OrgBic, "bic swift swiftcode swiftbic"),
    (
        C::OrgName,
        "company companyname employer org organization organisation orgname enterprise gsmc gongsi qymc dwmc danwei 公司 公司名称 单位 单位名称 企业名称 工作单位 雇主",
    ),
    (
        C::VehiclePlate,
        "plate plateno platenumber licenseplate licenceplate carno carnumber vehicleno vehiclenumber cph cphm chepai chepaihao truckno 车牌 车牌号 车牌号码 号牌号码 车号",
    ),
    (
        C::VehicleVin,
        "vin vinno vincode chejia chejiahao clsbdh frameno chassisno 车架号 车辆识别代号 车架",
    ),
    (C::VehicleEngine, "engineno enginenumber fdjh fdjhm fadongji 发动机号 发动机号码"),
    (
        C::VehiclePermit,
        "transportpermit yyz dlysz yunshuzheng 道路运输证 道路运输证号 运输证号 营运证 营运证号",
    ),
    (
        C::OrderWaybill,
        "waybill waybillno waybillnumber trackingno trackingnumber expressno ydh yundanhao kddh 运单号 快递单号 物流单号",
    ),
    (C::AccountWechat, "wechat wechatid weixin wxid wxh weixinhao vx 微信 微信号 加微信 加v"),
    (C::AccountOpenid, "openid unionid wxopenid"),
    (C::AccountQq, "qq qqh qqhao qqno qqnumber QQ号 扣扣"),
    (C::AccountAlipay, "alipay alipayid zfb zhifubao 支付宝 支付宝账号"),
    (
        C::AccountUser,
        "username loginname login nickname userid uid memberid yonghuming yhm nicheng 用户名 昵称 用户编号 用户id",
    ),
    (
        C::PersonName,
        "name fullname realname truename firstname lastname surname givenname familyname middlename maidenname customername username1 contactname drivername passengername sendername receivername consignee consignor shipper payee beneficiary guardian xm xingming mingzi sjxm zsxm lxr lianxiren shr fhr skr ckr 姓名 真实姓名 联系人 收货人 发货人 收件人 寄件人 司机 驾驶员 乘客 车主 户名 持卡人 法人 法定代表人 负责人 经办人 申请人 客户姓名 紧急联系人 收款人 付款人 货主 托运人 承运人 投保人 被保险人 患者 学生 老师 签收人 审核人 操作人 名字 本人",
    ),
    (
        C::PersonBirthDate,
        "dob dateofbirth birth birthday birthdate bday ~born csrq csny shengri chushengriqi 出生日期 出生年月 出生年月日 生日 出生于 生于 出生",
    ),
    (C::PersonAge, "age ages nianling nl 年龄"),
    (
        C::PersonAgeBand,
        "ageband agegroup agerange agebracket agelevel agesegment nianlingduan 年龄段",
    ),
    (C::PersonGender, "gender sex xb xingbie 性别"),
    (C::PersonGroup, "nationality citizenship guoji 国籍"),
    (C::PersonEthnicity, "ethnicity ethnic race minzu mz 民族"),
    (C::PersonReligion, "religion faith zongjiao xinyang 宗教 宗教信仰"),
    (C::PersonMarriage, "marital maritalstatus marriage hunyin hyzk 婚姻 婚姻状况"),
    (
        C::PersonOccupation,
        "occupation job jobtitle profession career zhiye zy gangwei position industry hangye 职业 岗位 职务 工种 行业",
    ),
    (
        C::PersonEducation,
        "education degree edu educationlevel xueli xl diploma school university biyeyuanxiao 学历 学位 教育程度 毕业院校 文化程度",
    ),
    (
        C::SocialKinship,
        "kin kinship nextofkin family familymember relatives relative relationship relation spouse father mother emergencycontact emergencycontacts jjlxr qinshu guanxi jiashu 亲属 家属 亲属关系 家庭成员 与本人关系 配偶 父亲 母亲 紧急联系人电话",
    ),
    (
        C::BiometricFace,
        "face faceid facefeature faceimage facevector facedata faceembedding facetoken facephoto renlian rlsb mianbu faceprint faceurl headimg 人脸 人脸特征 面部特征 人脸照片",
    ),
    (C::BiometricVoice, "voiceprint voicefeature voiceid shengwen 声纹"),
    (C::BiometricFinger, "fingerprint fingerfeature zhiwen iris palm 指纹 虹膜 掌纹"),
    (C::BiometricGene, "dna genome gene jiyin 基因"),
    (
        C::HealthRecord,
        "health disease diagnosis medical medicalrecord medicalhistory bloodtype allergy prescription symptom bingli zhenduan xuexing jibing 病历 诊断 疾病 病史 血型 体检 健康状况 过敏史 处方",
    ),
    (
        C::LocationPrecise,
        "lat latitude lng lon longitude gps geo geohash coordinate coordinates coord coords latlng lnglat weizhi jd wd jingdu weidu jwd poi 经度 纬度 坐标 经纬度 定位 位置",
    ),
    (
        C::LocationTrack,
        "track trajectory gpstrack trace route guiji xingcheng polyline trackpoint 轨迹 行踪 行程轨迹 轨迹点",
    ),
    (
        C::LocationFlow,
        "vehicleflow peopleflow odmatrix trafficflow laneflow carflow chenliuliang cheliuliang renliuliang 车流量 人流量 客流量",
    ),
    (C::DeviceImei, "imei imei1 imei2 meid deviceimei"),
    (C::DeviceImsi, "imsi"),
    (C::DeviceIccid, "iccid simcard simno"),
    (C::DeviceMac, "mac macaddr macaddress wifimac bluetoothmac bssid"),
    (C::DeviceAndroidId, "androidid ssaid"),
    (C::DeviceAdId, "idfa idfv oaid gaid aaid vaid adid advertisingid caid"),
    (
        C::DeviceId,
        "deviceid deviceno udid devicetoken devicefingerprint shebeihao serialno sn 设备号 设备id 设备标识",
    ),
    (
        C::DeviceAppList,
        "applist installedapps installedapplist apps packages packagelist yingyongliebiao 应用列表 已安装应用",
    ),
    (C::DeviceClipboard, "clipboard pasteboard jianqieban clipboardtext 剪贴板 剪切板"),
    (C::PhotoAlbum, "album photos screenshot screenshots gallery xiangce jietu 相册 截图 截屏"),
    (
        C::NetIp,
        "ip ipaddr ipaddress clientip remoteip remoteaddr userip loginip xforwardedfor host srcip dstip 登录ip",
    ),
    (C::NetUrl, "url website homepage site link 网址 网站"),
    (
        C::SecretPassword,
        "password passwd pwd pass passphrase userpassword dbpassword loginpwd mima mm kouling 密码 口令 登录密码 支付密码",
    ),
    (
        C::SecretKey,
        "apikey accesskey accesskeyid accesskeysecret appkey appsecret secretkey secretaccesskey secret clientsecret signingkey encryptionkey privatekey 密钥 私钥 秘钥",
    ),
    (
        C::SecretToken,
        "token accesstoken refreshtoken authtoken sessiontoken bearertoken idtoken sessionid sessionkey authorization bearer cookie jsessionid csrftoken xcsrftoken 令牌",
    ),
    (C::InferredIntent, "travelintent intent tripintent chuxingyitu yitu intention 出行意图 意图"),
    (
        C::InferredHomeCity,
        "homecity residentcity livecity changzhuchengshi residentcityid 常驻城市 常住城市",
    ),
    (
        C::InferredTripKind,
        "tripkind triptype travelpurpose yidichuxing businesstrip 异地商务 异地旅游 出行目的",
    ),
    (
        C::TimeDate,
        "date time createdat updatedat createtime updatetime timestamp ts datetime 时间 日期 创建时间 更新时间",
    ),
    (
        C::NumberSerial,
        "order orderno orderid ordernumber serial serialnumber version ver build traceid requestid reqid spanid txn txnid transactionid transactionno seq sequence batch batchno invoice invoiceno ticket ticketno ref refno reference sku barcode code id hash sha1 sha256 md5 checksum etag size bytes length port pidno threadid duration offset count total amount price quantity qty nonce epoch ms ns us kb mb gb timeout latency revision commit uuid guid isbn issn ean upc hs 订单 订单号 订单编号 流水 流水号 运单 运单编号 单号 编号 编码 批次 批次号 序列 序列号 设备序列 设备序列号 版本 版本号 时间戳 单据 单据号 凭证号 发票号 发票号码 条码 条形码 货号 合同号 合同编号 案号 票号 提单号 箱号 封号 交易号 请求号 工单 工单号 任务号 校验码 哈希 金额 数量 重量 耗时 字节 端口 期号 卷号 页码 型号",
    ),
];

/// What a cue is: its category and whether it speaks in prose only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cue {
    pub category: Category,
    pub prose_only: bool,
}

const PROSE: u16 = 1 << 15;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::new(12);
    for (category, words) in CUES {
        for word in words.split_whitespace() {
            let (word, bits) = word.strip_prefix('~').map_or((word, 0), |word| (word, PROSE));
            // The first list that names a word keeps it; 0 stands for "in no list", so categories count from 1.
            if table.get(word.as_bytes()) == 0 {
                table.add(word, (*category as u16 + 1) | bits);
            }
        }
    }
    table
});

fn cue(bits: u16) -> Option<Cue> {
    let at = usize::from(bits & !PROSE).checked_sub(1)?;
    let category = crate::CATEGORIES.get(at).copied()?;
    Some(Cue { category, prose_only: bits & PROSE != 0 })
}

/// The cue that a whole word is.
#[inline]
pub(crate) fn of_word(word: &[u8]) -> Option<Cue> {
    cue(TABLE.get(word))
}

/// Endings that keys have, by the low bits of their last three letters; 0 for the first of the three where a
/// separator parts it from the others or nothing is there.
static ENDINGS: LazyLock<[u64; 512]> = LazyLock::new(|| {
    let mut bits = [0; 512];
    let mut set = |at: usize| {
        if let Some(slot) = bits.get_mut(at / 64) {
            *slot |= 1 << (at % 64);
        }
    };
    for word in CUES.iter().flat_map(|(_, words)| words.split_whitespace()) {
        let word = word.trim_start_matches('~').as_bytes();
        if let [rest @ .., b, c] = word {
            set(ending(0, *b, *c));
            match rest.last() {
                Some(a) => set(ending(*a, *b, *c)),
                // A part of two letters may stand behind anything: `userIp`.
                None => (0..32).for_each(|a| set(ending(a, *b, *c))),
            }
        }
    }
    bits
});

#[inline]
fn ending(a: u8, b: u8, c: u8) -> usize {
    let low = |byte: u8| usize::from(byte & 31);
    low(a) << 10 | low(b) << 5 | low(c)
}

/// Whether a key could end with a cue: no misses, about one in twenty wrong.
#[inline]
pub(crate) fn may_end(key: &[u8]) -> bool {
    let separates = |byte: u8| matches!(byte, b'_' | b'-' | b'.');
    let at = match *key {
        [.., b, c] if separates(b) || separates(c) => return true,
        [.., a, b, c] if !separates(a) => ending(a, b, c),
        [.., b, c] => ending(0, b, c),
        _ => return false,
    };
    ENDINGS.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 == 1)
}

/// The longest key that [`of_key`] reads.
pub(crate) const KEY_BYTES_MAX: usize = 40;

/// The cue of a key such as `receiver_phone` or `user.idCardNo`: the whole key without separators, then without its
/// first parts, from the longest.
pub(crate) fn of_key(key: &[u8]) -> Option<Cue> {
    let mut plain = [0_u8; KEY_BYTES_MAX];
    let mut starts = [0_usize; KEY_BYTES_MAX];
    let (mut length, mut parts, mut fresh) = (0, 0, true);
    let mut lower_before = false;
    for byte in key.iter().take(KEY_BYTES_MAX) {
        if matches!(byte, b'_' | b'-' | b'.' | b' ' | b'/') {
            fresh = true;
            continue;
        }
        // camelCase opens a part as a separator does.
        if (fresh || (byte.is_ascii_uppercase() && lower_before))
            && let Some(slot) = starts.get_mut(parts)
        {
            *slot = length;
            parts += 1;
        }
        fresh = false;
        lower_before = byte.is_ascii_lowercase() || byte.is_ascii_digit();
        if let Some(slot) = plain.get_mut(length) {
            *slot = byte.to_ascii_lowercase();
            length += 1;
        }
    }
    let plain = plain.get(..length)?;
    starts
        .get(..parts)?
        .iter()
        .filter_map(|start| plain.get(*start..))
        .find_map(of_word)
        .filter(|cue| !cue.prose_only)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_whole_then_by_their_last_parts() {
        let category = |key: &str| of_key(key.as_bytes()).map(|cue| cue.category);
        assert_eq!(category("id_card"), Some(C::IdResident));
        assert_eq!(category("receiverPhone"), Some(C::ContactMobile));
        assert_eq!(category("user.home_address"), Some(C::AddressHome));
        assert_eq!(category("sfzh"), Some(C::IdResident));
        assert_eq!(category("DB_PASSWORD"), Some(C::SecretPassword));
        assert_eq!(category("order_no"), Some(C::NumberSerial));
        assert_eq!(category("call"), None);
        assert_eq!(category("zzz"), None);
    }

    #[test]
    fn no_key_is_ruled_out_that_has_a_cue() {
        for word in CUES.iter().flat_map(|(_, words)| words.split_whitespace()) {
            let word = word.trim_start_matches('~');
            let mut keys = vec![word.to_owned(), format!("user_{word}"), format!("a.{word}")];
            for (at, _) in word.char_indices().skip(1) {
                let (left, right) = word.split_at(at);
                keys.push(format!("{left}_{right}"));
                keys.push(format!("{left}{}", right.to_uppercase()));
            }
            let mut capital = word.to_owned();
            if let Some(first) = capital.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            keys.push(format!("user{capital}"));
            for key in keys.iter().filter(|key| key.is_ascii()) {
                assert!(of_key(key.as_bytes()).is_none() || may_end(key.as_bytes()), "{key}");
            }
        }
    }

    #[test]
    fn no_word_stands_in_two_lists() {
        let mut seen = std::collections::BTreeMap::new();
        for (category, words) in CUES {
            for word in words.split_whitespace() {
                let word = word.trim_start_matches('~');
                assert_eq!(seen.insert(word, *category), None, "{word}");
            }
        }
    }
}
