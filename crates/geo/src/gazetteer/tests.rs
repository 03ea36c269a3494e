use super::*;
use proptest::prelude::*;
use std::time::Instant;

fn first(query: &str) -> Place {
    search(query).into_iter().next().unwrap_or_else(|| panic!("nothing for {query}"))
}

fn search(query: &str) -> Vec<Place> {
    Gazetteer::shared().search(query, Lang::En, 8, None)
}

#[test]
fn cities_are_found_in_both_languages_and_by_their_beginning() {
    for (query, id) in [
        ("wuxi", "cn-320200"),
        ("Wuxi", "cn-320200"),
        ("无锡", "cn-320200"),
        ("无锡市", "cn-320200"),
        ("无", "cn-320200"),
        ("shanghai", "cn-310000"),
        ("上海", "cn-310000"),
        ("xian", "cn-610100"),
        ("Xi'an", "cn-610100"),
        ("西安", "cn-610100"),
        ("chongqing", "cn-500000"),
        ("urumqi", "cn-650100"),
        ("wulumuqi", "cn-650100"),
        ("Changchun", "cn-220100"),
        ("new york", "gn-5128581"),
        ("newyork", "gn-5128581"),
        ("sao paulo", "gn-3448439"),
        ("zurich", "gn-2657896"),
        ("hong kong", "gn-1819729"),
        ("香港", "gn-1819729"),
        ("台北", "gn-1668341"),
        ("nan", "cn-320100"),
        ("朝阳", "cn-211300"),
        ("yangeles", ""),
        ("vaduz", ""),
    ] {
        let found = search(query);
        match id {
            "" => assert!(found.iter().all(|p| p.country != "CN"), "{query}: {found:?}"),
            _ => assert_eq!(found.first().map(|p| p.id.as_str()), Some(id), "{query}: {found:?}"),
        }
    }
}

#[test]
fn districts_are_found_alone_and_with_their_city_in_any_order() {
    for query in [
        "huish wuxi",
        "Huishan, Wuxi",
        "无锡惠山",
        "无锡市惠山区",
        "江苏省无锡市惠山区",
        "wuxihuishan",
        "江苏 惠山",
        "江苏省无锡市惠山区洛社镇人民路1号",
        "Wuxi Huishan District",
        "惠山区",
    ] {
        assert_eq!(first(query).id, "cn-320206", "{query}");
    }
    assert!(search("huish").iter().any(|p| p.id == "cn-320206"));
    for query in ["济南 历城", "济南历城", "济南市历城区", "jinan licheng", "Licheng Jinan", "历城"]
    {
        assert_eq!(first(query).id, "cn-370112", "{query}");
    }
}

#[test]
fn a_district_knows_its_city_and_province() {
    let place = Gazetteer::shared().get("cn-320206").unwrap();
    assert_eq!(
        (place.label(Lang::En).as_str(), place.label(Lang::Zh).as_str()),
        ("Wuxi Huishan", "无锡 惠山")
    );
    assert_eq!(
        (place.province_en.as_deref(), place.province_zh.as_deref()),
        (Some("Jiangsu"), Some("江苏"))
    );
    assert_eq!((place.kind, place.country.as_str()), (Kind::District, "CN"));
    assert_eq!(Gazetteer::shared().city_of(&place.id).unwrap().id, "cn-320200");
    assert!(Gazetteer::shared().below("cn-320200").iter().any(|p| p.id == place.id));
    let pudong = first("浦东");
    assert_eq!((pudong.name_zh.as_deref(), pudong.province_zh.as_deref()), (Some("上海"), None));
}

#[test]
fn where_names_are_shared_the_nearer_one_comes_first() {
    let quanzhou = Gazetteer::shared().get("cn-350500").unwrap().point;
    let found = Gazetteer::shared().search("licheng", Lang::En, 3, Some(quanzhou));
    assert!(found[0].point.distance_m(quanzhou) < 120_000.0, "{found:?}");
    let harbin = Gazetteer::shared().get("cn-230100").unwrap().point;
    let near = Gazetteer::shared().search("朝阳", Lang::Zh, 8, Some(harbin));
    assert!(near.len() == 8);
}

#[test]
fn every_chinese_place_lies_near_its_city() {
    let g = Gazetteer::shared();
    let mut far = Vec::new();
    for (i, r) in g.records.iter().enumerate().filter(|(_, r)| r.country == "CN") {
        let city = r.city.map_or(r.point, |c| g.records[c].point);
        if r.point.distance_m(city) > 800_000.0 {
            far.push(g.place(i));
        }
    }
    assert!(far.len() <= 3, "{far:?}");
}

#[test]
fn districts_converted_from_bd09_lie_where_geonames_has_them() {
    // The government seat of Jiangyin by GeoNames (WGS-84) and by the district file (BD-09) are 1 to 3 km apart.
    let jiangyin = Gazetteer::shared().get("cn-320281").unwrap().point;
    assert!(
        jiangyin.distance_m(Point::new(31.91102, 120.26302).unwrap()) < 4_000.0,
        "{jiangyin:?}"
    );
}

#[test]
fn ids_and_ends_of_input_are_handled() {
    let g = Gazetteer::shared();
    for id in ["", "cn-", "cn-1", "xx-320200", "cn-99999999999999", "gn-320200", "-"] {
        assert!(g.get(id).is_none(), "{id}");
    }
    for query in ["", "   ", ",,", "'", "zzzzqqqq", "\u{0}", "🚚"] {
        assert!(search(query).is_empty(), "{query}");
    }
    assert!(search(&"上海".repeat(10_000)).len() <= 8);
    assert_eq!(g.search("a", Lang::En, 10_000, None).len(), LIMIT_MAX);
    assert!(g.search("shanghai", Lang::En, 0, None).is_empty());
}

#[test]
fn every_id_is_unique_and_finds_its_place() {
    let g = Gazetteer::shared();
    assert!(g.len() > 36_000);
    for i in 0..g.len() {
        assert_eq!(g.ids.find(&g.records[i].id.to_string()), Some(i));
    }
}

#[test]
fn loading_and_searching_are_fast() {
    let start = Instant::now();
    let g = Gazetteer::load();
    let load = start.elapsed();
    let queries = [
        "w",
        "wu",
        "wuxi",
        "无",
        "无锡",
        "an",
        "ana",
        "济南 历城",
        "江苏省无锡市惠山区",
        "san",
        "guangdong",
        "广东",
    ];
    let start = Instant::now();
    for q in queries.iter().cycle().take(1_200) {
        std::hint::black_box(g.search(q, Lang::Zh, 8, None));
    }
    let each = start.elapsed() / 1_200;
    println!("gazetteer: load {load:?}, mean search {each:?}");
    // Generous, so that a busy machine does not fail it: the aim is 200 ms and 1 ms.
    assert!(load.as_millis() < 2_000 && each.as_millis() < 10);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn nearest_is_what_a_scan_finds(lat in -90.0..90.0f64, lon in -180.0..180.0f64) {
        let g = Gazetteer::shared();
        let p = Point::new(lat, lon).unwrap();
        let scan = g.records.iter().map(|r| r.point.distance_m(p)).fold(f64::MAX, f64::min);
        prop_assert!(g.nearest(p).point.distance_m(p) - scan < 0.5);
        prop_assert!(g.nearest_division(p).kind != Kind::Town);
    }

    #[test]
    fn no_query_panics(query in ".{0,40}") {
        Gazetteer::shared().search(&query, Lang::Zh, 8, None);
    }

    #[test]
    fn every_place_is_found_by_its_own_name(i in 0..36_000usize) {
        let g = Gazetteer::shared();
        let place = g.place(i);
        let found = g.search(&place.label(Lang::En), Lang::En, LIMIT_MAX, Some(place.point));
        prop_assert!(found.iter().any(|f| f.id == place.id), "{}", place.label(Lang::En));
    }
}
