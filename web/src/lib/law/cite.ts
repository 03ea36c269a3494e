// Marks for citations that come in their short form, `CSR 16`: the wire names the article, here is the law's name.
// What an article says is the server's to tell; nothing of the text is repeated here.
import type { Cite, Text2 } from "../wire";

interface Law {
  name: Text2;
  /** First day in force of the version that is cited, where it is known. */
  from: string | null;
}
const LAWS: Record<string, Law> = {
  PIPL: {
    name: { en: "Personal Information Protection Law", zh: "个人信息保护法" },
    from: "2021-11-01",
  },
  DSL: { name: { en: "Data Security Law", zh: "数据安全法" }, from: "2021-09-01" },
  CSL: { name: { en: "Cybersecurity Law", zh: "网络安全法" }, from: "2026-01-01" },
  CSR: { name: { en: "Review Measures", zh: "网络安全审查办法" }, from: "2022-02-15" },
  NDSR: {
    name: { en: "Network Data Regulations", zh: "网络数据安全管理条例" },
    from: "2025-01-01",
  },
  CBDF: {
    name: { en: "Cross-Border Data Provisions", zh: "数据跨境流动规定" },
    from: "2024-03-22",
  },
  SAM: {
    name: { en: "Security Assessment Measures", zh: "数据出境安全评估办法" },
    from: "2022-09-01",
  },
  SCC: { name: { en: "Standard Contract Measures", zh: "标准合同办法" }, from: "2023-06-01" },
  CERT: { name: { en: "Certification Measures", zh: "出境认证办法" }, from: "2026-01-01" },
  GDPR: { name: { en: "GDPR", zh: "欧盟通用数据保护条例" }, from: "2018-05-25" },
};

/** The mark of a short form. A law that is not known here keeps its short form as its name. */
export function citeOf(code: string, checked: Cite["checked"] = "memory"): Cite {
  const [word = code, ...rest] = code.trim().split(/\s+/);
  const law = LAWS[word];
  return {
    code,
    name: law?.name ?? { en: word, zh: word },
    article: rest.join(" ").replace(/^art\.?\s*/i, ""),
    checked,
    in_force_from: law?.from ?? null,
    in_force_until: null,
    summary: null,
  };
}
