// Marks for citations that come in their short form, `CSR 16` or `PIPL 41; DSL 36`: the wire names the article, here is the law's
// name. What an article says is the server's to tell; nothing of the text is repeated here.
import type { Cite, Text2 } from "../wire";

interface Law {
  name: Text2;
  /** First day in force of the version that is cited, where it is known. */
  from: string | null;
}
const law = (en: string, zh: string, from: string | null = null): Law => ({
  name: { en, zh },
  from,
});
const LAWS: Record<string, Law> = {
  PIPL: law("PIPL", "个人信息保护法", "2021-11-01"),
  DSL: law("DSL", "数据安全法", "2021-09-01"),
  CSL: law("CSL", "网络安全法"),
  CSR: law("Review Measures", "审查办法", "2022-02-15"),
  "CSR 2020": law("Review Measures 2020", "审查办法（2020）", "2020-06-01"),
  NDSR: law("Network Data Regulations", "网数条例", "2025-01-01"),
  CBDF: law("Cross-Border Data Provisions", "跨境流动规定", "2024-03-22"),
  SAM: law("Security Assessment Measures", "出境评估办法", "2022-09-01"),
  SCC: law("Standard Contract Measures", "标准合同办法", "2023-06-01"),
  CERT: law("Certification Measures", "出境认证办法", "2026-01-01"),
  METHOD: law("App Violation Method", "App 违法认定方法"),
  "Necessary PI Scope": law("Necessary PI Scope", "必要信息范围规定"),
  "Automobile Data Provisions": law("Automobile Data Provisions", "汽车数据规定"),
  "Interim Measures for Online Taxi Booking": law("Taxi Measures", "网约车办法"),
  "Interim Measures for network-platform road freight": law(
    "Network Freight Measures",
    "网络货运办法",
  ),
  "Face Recognition Measures": law("Face Recognition Measures", "人脸识别办法"),
  "Surveying and Mapping Law": law("Surveying and Mapping Law", "测绘法"),
  "Map Regulations": law("Map Regulations", "地图管理条例"),
  GDPR: law("GDPR", "欧盟 GDPR", "2018-05-25"),
  "28 CFR": law("28 CFR", "美国 28 CFR", "2025-04-08"),
};
/** Rules of the house are rules, but no law: they have no mark. */
const HOUSE = /^house /;

function one(code: string, checked: Cite["checked"]): Cite {
  const known = Object.keys(LAWS)
    .filter((name) => code === name || code.startsWith(`${name} `))
    .sort((a, b) => b.length - a.length)[0];
  const split = known ? null : /^(\D+?)\s+(\d.*)$/.exec(code);
  const name = known ?? split?.[1] ?? code;
  const found = LAWS[name];
  return {
    code,
    name: found?.name ?? { en: name, zh: name },
    article: known ? code.slice(known.length).trim() : (split?.[2] ?? ""),
    checked,
    in_force_from: found?.from ?? null,
    in_force_until: null,
    summary: null,
  };
}
/** The marks of a short form; several are parted by semicolons. A law that is not known here keeps its short form as its name. */
export function citesOf(text: string, checked: Cite["checked"] = "memory"): Cite[] {
  return text
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part && !HOUSE.test(part))
    .map((part) => one(part, checked));
}
