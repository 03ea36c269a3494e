// Words of the privacy officer's room.
import { amid, strings } from "../lib/strings";

export const s = strings(
  {
    title: "Privacy",
    parts: "Parts of the privacy room",
    notOfficer:
      "This room is for the privacy officer. An administrator names one on the page Staff.",
    needFactor: "This room needs a second factor.",
    setUp: "Set it up",
    today: "Today",
    requests: "Requests",
    register: "Register",
    recipients: "Recipients",
    approvals: "Approvals",
    transfers: "Transfers",
    ask: "May this leave?",
    keys: "Authority keys",
    breach: "Breach",
    reviews: "Reviews",

    nothing: "Nothing waits.",
    waits: (n: number) => (n === 1 ? "1 thing waits for you." : `${n} things wait for you.`),
    firstEnds: (t: string) => `The first ends ${t}.`,
    someLate: (n: number) => (n === 1 ? "1 is past its date." : `${n} are past their date.`),
    clocks: "Clocks",
    dueOn: (t: string) => `by ${t}`,
    past: (t: string) => `was due ${t}`,
    noDate: "no date",
    todoApproval: (who: string) => `Decide a transfer to ${who}`,
    todoKey: (who: string) => `Confirm the key of ${who}`,
    todoRevoke: (who: string) => `A key of ${who} is to be ended: second officer`,
    todoRectify: (what: string) => `Put right: ${what}`,
    todoRenew: (kind: string, who: string) => `${kind} of ${who} runs out`,
    todoFile: (who: string) => `File the standard contract with ${who}`,
    doAnswer: "Answer",
    doDecide: "Decide",
    doConfirm: "Confirm",
    doRead: "Read the order",
    doOpen: "Open",

    yearTitle: (year: number) => `Persons whose data left the country in ${year}`,
    yearNone: (year: number) => `No person's data has left the country in ${year}.`,
    yearFree: (left: string) => `${left} persons are left until something must be filed.`,
    yearFile: (left: string) =>
      `A standard contract or a certificate is needed. ${left} persons are left until a security assessment is.`,
    yearAssess: "A security assessment is needed.",
    yearSub: "Distinct persons since 1 January, all recipients and their groups together.",
    plainData: "Data that is not sensitive",
    sensitiveData: "Sensitive data",
    persons: (n: string) => `${n} persons`,
    onePerson: "1 person",
    tierNothing: "nothing to file",
    tierContract: "standard contract or certificate",
    tierAssessment: "security assessment",
    line: (n: string) => `line of ${n}`,
    otherRules:
      "For critical infrastructure and for important data other rules hold, whatever the count.",
    asOf: (t: string) => `As of ${t}`,
    showTable: "Show as table",
    tableCount: "Count",
    tableLines: "Lines",

    registerLead: (records: number, fields: number) =>
      `${fields} fields of ${records} kinds of records are about persons. The list is made from the program itself: what is not in it cannot be stored sealed.`,
    search: "Search",
    searchNone: "No field fits.",
    csv: "CSV",
    record: "Record",
    comma: ", ",
    fieldCount: (n: number) => (n === 1 ? "1 field" : `${n} fields`),
    field: "Field",
    class: "Class",
    purposes: "Purposes",
    basis: "Basis",
    kept: "Kept",
    leaves: "Leaves to",
    stays: "stays",
    inClear: "Held in clear",
    onlyLeaves: "Leaves the house",
    onlySensitive: "Sensitive",

    recipientsLead: (n: number, abroad: number) =>
      n === 0
        ? "Nothing is registered. What is not registered here gets nothing."
        : `${n === 1 ? "1 recipient is" : `${n} recipients are`} registered, ${abroad} abroad. What is not registered here gets nothing.`,
    addRecipient: "Register a recipient",
    abroad: "abroad",
    atHome: "at home",
    ownWay: "one of our own ways out",
    closed: "closed",
    open: "open",
    name: "Legal name",
    country: "Country",
    countryHint: "Where the data is stored or can be read from. Remote access counts.",
    otherCountry: "Another country",
    noMechanism: "no mechanism in force",
    kindLabel: "What it is to us",
    groupLabel: "Group of companies",
    groupHint: "Companies of one group count together.",
    categories: "Kinds of data",
    categoriesNone: "no data of persons",
    approvingLabel: "Who lets it go",
    approvingEach: "Each transfer waits for me",
    approvingStanding: "What is registered goes without waiting",
    since: (t: string) => `since ${t}`,
    registered: "Registered",
    change: "Change",
    save: "Save",
    cancel: "Cancel",
    close: "Close this recipient",
    closeWhat:
      "Nothing goes there any more. What went stays in the log. It cannot be opened again.",
    closedToast: "Closed.",
    saved: "Saved.",
    keepsPlace: "Country and kind stay: another place is another recipient.",
    choose: "Choose",

    mechanisms: "Mechanisms",
    mechanismsNone: "No contract, certificate, assessment or approval is entered.",
    mechanismsHome:
      "At home none is needed for it to leave; the contract with a processor is another matter.",
    addMechanism: "Enter a mechanism",
    mechanismKind: "Kind",
    number: "Number",
    numberHint: "Of the filing, the certificate, the assessment or the approval.",
    effective: "In force from",
    filed: "Filed on",
    filedHint: "A standard contract is filed within ten working days after it took effect.",
    expires: "Runs out on",
    expiresNeeded: "A certificate and an assessment are given for a term.",
    filedOn: (t: string) => `filed ${t}`,
    notFiled: "not filed yet",
    runsOut: (t: string) => `until ${t}`,
    openEnd: "no end",
    end: "End it",
    endWhat: "It lifts nothing from now on. It cannot be taken up again.",
    ended: "Ended.",
    entered: "Entered.",
    lastTransfers: "Last transfers",
    transfersNone: "Nothing went, and nothing was asked for.",

    approvalsLead: (n: number) =>
      n === 0
        ? "No transfer waits."
        : n === 1
          ? "1 transfer waits for your decision."
          : `${n} transfers wait for your decision.`,
    waitingFor: (who: string) => `To ${who}`,
    askedAt: (t: string) => `asked ${t}`,
    goodUntil: (t: string) => `waits until ${t}`,
    whatLeaves: "What would leave",
    ofPersons: (n: string) => `about ${n} persons`,
    resource: "From",
    ground: "Ground",
    askedBy: "Asked by",
    reasonLabel: "Your reason",
    reasonHint: "It is kept with the transfer. No names or numbers of persons.",
    letGo: "Let it go",
    notGo: "Do not let it go",
    needReason: "Give your reason first.",
    decidedToast: "Decided.",
    decided: "Decided before",
    yours: "You asked for this one; another officer decides.",
    sampleNone: "Fields are listed, values are not shown: whoever decides needs none of them.",

    transfersLead: "Every request to send something out, with the answer. Rows name no person.",
    all: "All",
    when: "When",
    to: "To",
    what: "What",
    personsHead: "Persons",
    ofThemNew: (n: string) => `${n} new this year`,
    answerHead: "Answer",
    older: "Older",
    found: (what: string) => `a scan of free text found ${what}`,
    keptUntil: (t: string) => `kept until ${t}`,

    askLead:
      "An answer from the law in force today and this year's count. Asking changes nothing and is not a transfer.",
    askTo: "To whom",
    askToNone: "Register a recipient first.",
    askPurpose: "For what",
    askFields: "Which fields",
    askFieldsHint: (n: number) =>
      n === 0 ? "None: no data of persons." : n === 1 ? "1 field" : `${n} fields`,
    askPersons: "About how many persons",
    askSector: "Trade",
    askConsent: "Each of them consented to this alone",
    askDo: "May it leave?",
    ansAllow: "It may leave.",
    ansMask: "It may leave with parts covered.",
    ansHold: "It waits for your approval.",
    ansRefuse: "It may not leave.",
    needsTitle: "What is missing",
    needOr: " or ",
    basisTitle: "On what basis",
    basisNone: "By the rules of the house; no article is needed for it.",
    dutiesTitle: "What remains to do even when it may leave",
    countedNow: "This year so far",
    countedWith: "With this",
    highestClass: "Highest class",

    requestsLead: (n: number) =>
      n === 0
        ? "Nobody waits for an answer."
        : n === 1
          ? "1 person waits for an answer."
          : `${n} persons wait for an answer.`,
    requestTitle: (k: string) =>
      (
        ({
          correction: "Correction asked for",
          objection: "Question or objection",
          appeal: "Appeal",
        }) as Record<string, string>
      )[k] ?? k,
    requestAbout: (k: string, about: string) =>
      k === "appeal"
        ? about === "suspension"
          ? "against the suspension of an account"
          : `against order …${about.slice(-6)}`
        : about,
    requestGone: "This request is not in the lists.",
    requestOpen: "Open the words",
    requestOpenWhy: "Opening them is logged, and the person sees it.",
    requestWords: "In the person's words",
    requestFrom: (who: string) => `from party …${who}`,
    waitingTab: "Waiting",
    answeredTab: "Answered",
    answeredNone: "Nothing was answered yet.",
    granted: "done as asked",
    notGranted: "not done",
    answeredOn: (t: string) => `answered ${t}`,
    answerTitle: "Your answer",
    answerWords: "What was done, or why not",
    answerHint: "The person reads it under My data, in these words.",
    answerGrant: "It was done as asked",
    answerRefuse: "It was not done",
    answered: "Answered.",
    answerFirst: "Write the answer first.",
    answerAppeal:
      "An appeal against an order is for the authority to decide: pass it on, and answer with what it said.",
    answerCorrection: "Make the change where it belongs first; the answer alone changes nothing.",

    breachLead:
      "Say when, and whose access is suspect. The audit log then says whose data could be opened and which fields, and the law whom to tell by when.",
    breachNone: "No breach was looked into.",
    breachNew: "Look into a breach",
    breachTitleLabel: "What is known",
    breachTitleHint: "One line, without anybody's data.",
    breachFrom: "From",
    breachTo: "Until",
    breachActors: "Whose access is suspect",
    breachActorsHint: "Ids of parties, keys or workers, one a line. None: everybody.",
    breachLook: "Look",
    breachFound: (p: string, o: string) => `${p} could be concerned; ${o} openings in the window.`,
    breachNobody: "Nobody's data was opened in this window.",
    breachWindow: "Window",
    breachActorsAll: "everybody",
    breachFoundAt: "Found out",
    breachTransfers: "Transfers in the window",
    breachMore: "There was more than one look goes through. Narrow the window and look again.",
    breachTell: "Whom to tell",
    breachAtOnce: "at once",
    breachFields: "Which fields, of how many persons",
    breachPersons: "Whose data",
    breachPersonsWhy: "No names: whoever is told is found by the id, under a purpose of its own.",
    breachShow: "Show the list",
    breachMorePersons: "More",
    breachTimes: (n: string) => `${n} openings`,
    breachLetter: "Letter",
    breachLetterWhy: "Filled in from the log. What stands in brackets is yours to say.",
    breachCopy: "Copy the letter",
    breachCopied: "Copied.",
    breachSay: "To be said",
    consents: "Consents",

    keysLead:
      "An order is obeyed only if it is signed with a key in this list. One officer enters a key, another confirms it by the fingerprint that the authority reads out on another channel.",
    keysNone: "No key is entered. No order can be given to this platform.",
    addKey: "Enter a key",
    nameZh: "Name in Chinese",
    nameEn: "Name in English",
    publicKey: "Public key",
    publicKeyHint: "Ed25519, base64url, 43 characters",
    mayOrder: "May order",
    follows: "Takes over from",
    followsNone: "no earlier key",
    keyState: (k: string) =>
      (
        ({ proposed: "waits for a second officer", active: "in use", revoked: "ended" }) as Record<
          string,
          string
        >
      )[k] ?? k,
    fingerprint: "Fingerprint",
    enteredByYou: "You entered it; another officer confirms it.",
    confirmKey: "Confirm",
    confirmTitle: "Confirm by the fingerprint",
    confirmWhy: (who: string) =>
      `Call ${who} on a number that you did not get with the key. Type what is read out; do not copy it from this page.`,
    heardWrong:
      "This is not the fingerprint of the key that was entered. Do not confirm it; tell whoever entered it.",
    heard: "Fingerprint as you heard it",
    confirmed: "Confirmed. Orders signed with it are obeyed from now on.",
    revokeKey: "End this key",
    revokeFirst: "You ask, a second officer ends it. Orders in force stay in force.",
    revokeSecond:
      "The first officer asked for it. Once you do it, no order with this key is obeyed.",
    revokeAsked: "Asked. A second officer ends it.",
    revokeWaits: "One officer asked that it be ended.",
    lastSequence: (n: number) => `next order above number ${n}`,
    keyMade: "Entered. Tell the second officer that it waits.",

    kind: (k: string) =>
      (
        ({
          processor: "works on our word",
          controller: "decides itself",
          group_company: "company of our group",
          subject: "the person concerned",
          own: "our own premises",
          authority: "authority at home",
          foreign_authority: "authority abroad",
        }) as Record<string, string>
      )[k] ?? k,
    mechanism: (k: string) =>
      (
        ({
          standard_contract: "Standard contract",
          certificate: "Certificate",
          security_assessment: "Security assessment",
          authority_approval: "Approval of a foreign request",
        }) as Record<string, string>
      )[k] ?? k,
    mechanismState: (k: string) =>
      (
        ({
          coming: "not yet in force",
          in_force: "in force",
          expired: "run out",
          ended: "ended",
        }) as Record<string, string>
      )[k] ?? k,
    groundWord: (k: string) =>
      (
        ({
          none: "none",
          contract: "needed for a contract with the person",
          consent: "the person's consent to this alone",
          employment: "work rules, about employees",
          emergency: "emergency",
          legal_duty: "duty by law",
          transit: "came from abroad, goes on unchanged",
        }) as Record<string, string>
      )[k] ?? k,
    sector: (k: string) =>
      (
        ({
          general: "none in particular",
          freight: "Freight",
          ride: "Rides",
          jobs: "Jobs",
        }) as Record<string, string>
      )[k] ?? k,
    answer: (k: string) =>
      (
        ({
          allow: "went",
          mask: "went, parts covered",
          hold: "waits",
          refuse: "refused",
        }) as Record<string, string>
      )[k] ?? k,
    answerFilter: (k: string) =>
      (
        ({ allow: "Went", mask: "Parts covered", hold: "Waits", refuse: "Refused" }) as Record<
          string,
          string
        >
      )[k] ?? k,
    approvalState: (k: string) =>
      (
        ({
          waiting: "waits",
          approved: "let go, not yet gone",
          refused: "not let go",
          used: "went",
        }) as Record<string, string>
      )[k] ?? k,
    why: (k: string) =>
      (
        ({
          blocked_by_directive: "An order of an authority stands against it.",
          recipient_closed: "The recipient is closed.",
          purpose_not_registered: "The recipient is not registered for this purpose.",
          category_not_registered: "The recipient is not registered for these kinds of data.",
          field_does_not_leave: "A field is not declared to leave the house for this purpose.",
          law: "The law asks for something that is not there.",
          approval: "Each transfer to this recipient waits for the privacy officer.",
        }) as Record<string, string>
      )[k] ?? k.replaceAll("_", " "),
    need: (k: string) =>
      (
        ({
          standard_contract: "a standard contract in force",
          certificate: "a certificate in force",
          certification: "a certificate in force",
          security_assessment: "a security assessment in force",
          authority_approval: "the approval of the competent authority",
          separate_consent: "each person's consent to this alone",
          consent: "consent",
          notice: "a notice to each person",
          consent_outbound: "each person's consent to sending it abroad",
          consent_share: "each person's consent to giving it to another",
          consent_publish: "each person's consent to publication",
          consent_camera: "each person's consent to this use of camera pictures",
          consent_sensitive: "each person's consent to sensitive data",
          consent_guardian: "consent of a parent or guardian",
          approval: "the approval of the competent authority",
          greater_bay_contract: "the standard contract of the Greater Bay Area",
          cybersecurity_review: "a passed cybersecurity review",
          encryption: "encryption on the way and at rest",
          processor_contract: "a contract with the processor",
          impact_assessment: "an impact assessment on file",
        }) as Record<string, string>
      )[k] ?? k.replaceAll("_", " "),
    classWord: (k: string) =>
      (
        ({
          general: "general",
          personal: "personal",
          sensitive: "sensitive",
          important: "important",
          core: "core",
        }) as Record<string, string>
      )[k] ?? k,
    category: (k: string) =>
      (
        ({
          business: "business",
          contact: "contact",
          identity: "name and identity",
          address: "address",
          message: "messages",
          conduct: "conduct",
          employment: "work",
          vehicle: "vehicle",
          device: "device",
          identity_paper: "identity papers",
          location: "location",
          track: "tracks",
          payment: "accounts",
          credential: "credentials",
          biometric: "biometrics",
          health: "health",
          minor: "children under 14",
          important_flow: "important flows",
          core_state: "core data",
        }) as Record<string, string>
      )[k] ?? k.replaceAll("_", " "),
    purpose: (k: string) =>
      (
        ({
          publish: "publish and match a listing",
          deliver: "carry out an order",
          verify: "check papers",
          notify: "send codes and notices",
          converse: "carry messages",
          settle: "settle payments",
          support: "help with a case",
          secure: "keep accounts safe",
          resolve: "resolve disputes",
          self_access: "answer a person about own data",
          backup: "keep a copy of the house",
          webhook: "tell a company's program",
        }) as Record<string, string>
      )[k] ?? k.replaceAll("_", " "),
    basisWord: (k: string) =>
      (
        ({
          contract: "contract",
          consent: "consent",
          separate_consent: "separate consent",
          legal_obligation: "duty by law",
          emergency: "emergency",
          public_interest: "public interest",
          legitimate_interest: "legitimate interest",
        }) as Record<string, string>
      )[k] ?? k.replaceAll("_", " "),
    anchor: (k: string) =>
      (
        ({
          account: "the account",
          trip: "the trip",
          order: "the order",
          record: "the record",
          consent: "the consent",
          session: "the session",
          dispute: "the dispute",
          listing: "the listing",
        }) as Record<string, string>
      )[k] ?? k,
    keptAfter: (span: string, anchor: string) => `${span} after ${anchor}`,
    keptWith: (anchor: string) => `as long as ${anchor}`,
    span: (n: string, unit: string) => {
      const words: Record<string, [string, string]> = {
        d: ["day", "days"],
        m: ["month", "months"],
        y: ["year", "years"],
        h: ["hour", "hours"],
      };
      return `${n} ${words[unit]?.[n === "1" ? 0 : 1] ?? unit}`;
    },
    way: (k: string) =>
      (
        ({
          sms: "SMS sender",
          "e-mail": "e-mail sender",
          bank: "bank",
          "sms, e-mail": "SMS and e-mail sender",
        }) as Record<string, string>
      )[k] ?? k,
    system: "the program",
  },
  {
    title: "个人信息保护",
    parts: "个人信息保护各部分",
    notOfficer: "此处仅供个人信息保护负责人使用，由管理员在“员工”页任命。",
    needFactor: "此处需要第二重验证。",
    setUp: "去设置",
    today: "今日",
    requests: "个人申请",
    register: "处理清单",
    recipients: "接收方",
    approvals: "审批",
    transfers: "提供记录",
    ask: "能否提供？",
    keys: "机关密钥",
    breach: "泄露处置",
    reviews: "接受审查",

    nothing: "没有待办。",
    waits: (n) => `有 ${n} 件事待您处理。`,
    firstEnds: (t) => `最近一件${amid(t)}到期。`,
    someLate: (n) => `${n} 件已超期。`,
    clocks: "期限",
    dueOn: (t) => `${t}前`,
    past: (t) => `应于 ${t}办结`,
    noDate: "无期限",
    todoApproval: (who) => `向${amid(who)}提供数据，待决定`,
    todoKey: (who) => `${amid(who).trimStart()}的密钥待确认`,
    todoRevoke: (who) => `${amid(who).trimStart()}的密钥待第二人终止`,
    todoRectify: (what) => `改正：${what}`,
    todoRenew: (kind, who) => `${amid(who).trimStart()}的${kind}即将到期`,
    todoFile: (who) => `与${amid(who)}的标准合同待备案`,
    doAnswer: "去答复",
    doDecide: "去决定",
    doConfirm: "去确认",
    doRead: "查看决定",
    doOpen: "打开",

    yearTitle: (year) => `${year} 年数据出境涉及的人数`,
    yearNone: (year) => `${year} 年尚无个人信息出境。`,
    yearFree: (left) => `距需要备案还有 ${left} 人。`,
    yearFile: (left) => `需订立标准合同或通过认证，距安全评估还有 ${left} 人。`,
    yearAssess: "需通过安全评估。",
    yearSub: "自 1 月 1 日起去重累计，所有接收方及其集团合并计算。",
    plainData: "非敏感信息",
    sensitiveData: "敏感信息",
    persons: (n) => `${n} 人`,
    onePerson: "1 人",
    tierNothing: "无需备案",
    tierContract: "标准合同或认证",
    tierAssessment: "安全评估",
    line: (n) => `${n} 人线`,
    otherRules: "关键信息基础设施和重要数据另有规定，与人数无关。",
    asOf: (t) => `截至 ${t}`,
    showTable: "以表格显示",
    tableCount: "人数",
    tableLines: "界线",

    registerLead: (records, fields) =>
      `${records} 类记录中有 ${fields} 项个人信息。清单由程序自动生成，不在其中的无法封存保存。`,
    search: "搜索",
    searchNone: "没有相符的字段。",
    csv: "CSV",
    record: "记录",
    comma: "、",
    fieldCount: (n) => `${n} 个字段`,
    field: "字段",
    class: "级别",
    purposes: "目的",
    basis: "依据",
    kept: "保存",
    leaves: "提供给",
    stays: "不外传",
    inClear: "明文保存",
    onlyLeaves: "会外传",
    onlySensitive: "敏感",

    recipientsLead: (n, abroad) =>
      n === 0
        ? "尚未登记接收方，未登记者一律不提供。"
        : `已登记 ${n} 个接收方，其中境外 ${abroad} 个。未登记者一律不提供。`,
    addRecipient: "登记接收方",
    abroad: "境外",
    atHome: "境内",
    ownWay: "本平台自有通道",
    closed: "已关闭",
    open: "启用",
    name: "法定名称",
    country: "国家或地区",
    countryHint: "数据存放地或可读取地，远程访问也算。",
    otherCountry: "其他国家或地区",
    noMechanism: "无有效出境机制",
    kindLabel: "与我们的关系",
    groupLabel: "所属集团",
    groupHint: "同一集团合并计算。",
    categories: "数据类别",
    categoriesNone: "无个人信息",
    approvingLabel: "放行方式",
    approvingEach: "每次由我审批",
    approvingStanding: "在登记范围内直接放行",
    since: (t) => `${t}起`,
    registered: "登记于",
    change: "修改",
    save: "保存",
    cancel: "取消",
    close: "关闭该接收方",
    closeWhat: "此后不再向其提供任何数据，已有记录保留，且不能重新启用。",
    closedToast: "已关闭。",
    saved: "已保存。",
    keepsPlace: "国家和关系不可改，换地点须另行登记。",
    choose: "请选择",

    mechanisms: "出境机制",
    mechanismsNone: "尚未录入合同、认证、评估或批准。",
    mechanismsHome: "境内提供无需出境机制，委托处理合同另行签订。",
    addMechanism: "录入机制",
    mechanismKind: "种类",
    number: "编号",
    numberHint: "备案号、证书号、评估号或批准号。",
    effective: "生效日",
    filed: "备案日",
    filedHint: "标准合同生效后十个工作日内备案。",
    expires: "到期日",
    expiresNeeded: "认证和评估有有效期。",
    filedOn: (t) => `${t}备案`,
    notFiled: "尚未备案",
    runsOut: (t) => `至 ${t}`,
    openEnd: "无到期日",
    end: "终止",
    endWhat: "自此不再生效，且不能恢复。",
    ended: "已终止。",
    entered: "已录入。",
    lastTransfers: "最近提供记录",
    transfersNone: "没有提供，也没有申请。",

    approvalsLead: (n) => (n === 0 ? "没有待审批的提供。" : `有 ${n} 次提供待您决定。`),
    waitingFor: (who) => `提供给${amid(who)}`,
    askedAt: (t) => `${t}申请`,
    goodUntil: (t) => `等待至 ${t}`,
    whatLeaves: "拟提供的内容",
    ofPersons: (n) => `涉及 ${n} 人`,
    resource: "来源",
    ground: "理由",
    askedBy: "申请人",
    reasonLabel: "您的理由",
    reasonHint: "随提供记录保存，请勿写姓名或号码。",
    letGo: "同意提供",
    notGo: "不予提供",
    needReason: "请先填写理由。",
    decidedToast: "已决定。",
    decided: "已决定的",
    yours: "这是您申请的，由另一位负责人决定。",
    sampleNone: "只列字段，不显示内容：决定者无需看到。",

    transfersLead: "每次对外提供的申请及结果，记录中不含个人。",
    all: "全部",
    when: "时间",
    to: "接收方",
    what: "内容",
    personsHead: "人数",
    ofThemNew: (n) => `本年新增 ${n} 人`,
    answerHead: "结果",
    older: "更早",
    found: (what) => `扫描自由文本发现：${what}`,
    keptUntil: (t) => `保存至 ${t}`,

    askLead: "依今日有效的法律和本年人数作答。提问不产生任何变化，也不算提供。",
    askTo: "提供给谁",
    askToNone: "请先登记接收方。",
    askPurpose: "用于什么",
    askFields: "哪些字段",
    askFieldsHint: (n) => (n === 0 ? "未选：无个人信息。" : `已选 ${n} 项`),
    askPersons: "涉及多少人",
    askSector: "行业",
    askConsent: "每人都就此单独同意",
    askDo: "能否提供？",
    ansAllow: "可以提供。",
    ansMask: "遮盖部分后可以提供。",
    ansHold: "须由您审批。",
    ansRefuse: "不得提供。",
    needsTitle: "还缺什么",
    needOr: "或",
    basisTitle: "依据",
    basisNone: "依平台规则，无需援引条文。",
    dutiesTitle: "即使可以提供，仍须做到",
    countedNow: "本年至今",
    countedWith: "加上这次",
    highestClass: "最高级别",

    requestsLead: (n) => (n === 0 ? "没有人在等答复。" : `有 ${n} 人在等答复。`),
    requestTitle: (k) =>
      (
        ({ correction: "申请更正", objection: "提问或异议", appeal: "申诉" }) as Record<
          string,
          string
        >
      )[k] ?? k,
    requestAbout: (k, about) =>
      k === "appeal"
        ? about === "suspension"
          ? "针对账户停用"
          : `针对决定 …${about.slice(-6)}`
        : about,
    requestGone: "列表中没有这项申请。",
    requestOpen: "查看内容",
    requestOpenWhy: "查看会记入日志，本人可见。",
    requestWords: "本人原话",
    requestFrom: (who) => `来自用户 …${who}`,
    waitingTab: "待答复",
    answeredTab: "已答复",
    answeredNone: "尚无已答复的。",
    granted: "已照办",
    notGranted: "未采纳",
    answeredOn: (t) => `${t}答复`,
    answerTitle: "您的答复",
    answerWords: "做了什么，或为何不做",
    answerHint: "本人在“我的数据”中看到的就是这些话。",
    answerGrant: "已照办",
    answerRefuse: "不予采纳",
    answered: "已答复。",
    answerFirst: "请先写答复。",
    answerAppeal: "对决定的申诉由该机关裁定：请转交，并以其答复作答。",
    answerCorrection: "请先在相应位置更改，仅作答复不会改变数据。",

    breachLead:
      "填写时间段和可疑的访问者，审计日志会列出哪些人的哪些信息可能被打开，法律则指明须在何时告知谁。",
    breachNone: "尚未调查过泄露。",
    breachNew: "调查泄露",
    breachTitleLabel: "已知情况",
    breachTitleHint: "一行即可，勿写任何人的信息。",
    breachFrom: "自",
    breachTo: "至",
    breachActors: "可疑的访问者",
    breachActorsHint: "用户、密钥或程序的编号，每行一个；不填则为所有人。",
    breachLook: "开始调查",
    breachFound: (p, o) => `可能涉及 ${p}，时间段内共打开 ${o} 次。`,
    breachNobody: "该时间段内没有打开过任何人的信息。",
    breachWindow: "时间段",
    breachActorsAll: "所有人",
    breachFoundAt: "发现时间",
    breachTransfers: "时间段内的对外提供",
    breachMore: "超出一次调查的上限，请缩短时间段后再查。",
    breachTell: "须告知谁",
    breachAtOnce: "立即",
    breachFields: "哪些字段、各涉及多少人",
    breachPersons: "涉及哪些人",
    breachPersonsWhy: "不显示姓名：需告知时按编号另行查找，并另记目的。",
    breachShow: "显示名单",
    breachMorePersons: "更多",
    breachTimes: (n) => `打开 ${n} 次`,
    breachLetter: "通知书",
    breachLetterWhy: "内容取自日志，方括号内由您填写。",
    breachCopy: "复制通知书",
    breachCopied: "已复制。",
    breachSay: "须写明",
    consents: "同意情况",

    keysLead: "只有用此处密钥签署的决定才会执行。一人录入，另一人按机关另行念出的指纹确认。",
    keysNone: "尚未录入密钥，无法向本平台下达决定。",
    addKey: "录入密钥",
    nameZh: "中文名称",
    nameEn: "英文名称",
    publicKey: "公钥",
    publicKeyHint: "Ed25519，base64url，43 个字符",
    mayOrder: "可决定的事项",
    follows: "接替",
    followsNone: "无旧密钥",
    keyState: (k) =>
      (
        ({ proposed: "待第二人确认", active: "使用中", revoked: "已终止" }) as Record<
          string,
          string
        >
      )[k] ?? k,
    fingerprint: "指纹",
    enteredByYou: "由您录入，须另一人确认。",
    confirmKey: "确认",
    confirmTitle: "按指纹确认",
    confirmWhy: (who) =>
      `请拨打${amid(who)}的电话（不要用随密钥给来的号码），输入对方念出的内容，不要从本页复制。`,
    heardWrong: "与录入的密钥指纹不符。请勿确认，并告知录入人。",
    heard: "您听到的指纹",
    confirmed: "已确认，此后执行用它签署的决定。",
    revokeKey: "终止该密钥",
    revokeFirst: "您提出，由第二人终止。已生效的决定不受影响。",
    revokeSecond: "第一人已提出。您终止后，不再执行用它签署的决定。",
    revokeAsked: "已提出，由第二人终止。",
    revokeWaits: "已有一人提出终止。",
    lastSequence: (n) => `下一决定的序号须大于 ${n}`,
    keyMade: "已录入，请告知第二人确认。",

    kind: (k) =>
      (
        ({
          processor: "受托处理",
          controller: "自主处理",
          group_company: "集团公司",
          subject: "本人",
          own: "自有场所",
          authority: "境内机关",
          foreign_authority: "境外机关",
        }) as Record<string, string>
      )[k] ?? k,
    mechanism: (k) =>
      (
        ({
          standard_contract: "标准合同",
          certificate: "保护认证",
          security_assessment: "安全评估",
          authority_approval: "境外请求的批准",
        }) as Record<string, string>
      )[k] ?? k,
    mechanismState: (k) =>
      (
        ({ coming: "尚未生效", in_force: "有效", expired: "已到期", ended: "已终止" }) as Record<
          string,
          string
        >
      )[k] ?? k,
    groundWord: (k) =>
      (
        ({
          none: "无",
          contract: "履行与本人的合同所必需",
          consent: "本人单独同意",
          employment: "劳动规章，限员工",
          emergency: "紧急情况",
          legal_duty: "法定义务",
          transit: "境外来，原样转出",
        }) as Record<string, string>
      )[k] ?? k,
    sector: (k) =>
      (
        ({ general: "不限", freight: "货运", ride: "网约车", jobs: "招聘" }) as Record<
          string,
          string
        >
      )[k] ?? k,
    answer: (k) =>
      (
        ({ allow: "已提供", mask: "遮盖后提供", hold: "待审批", refuse: "不予提供" }) as Record<
          string,
          string
        >
      )[k] ?? k,
    answerFilter: (k) =>
      (
        ({ allow: "已提供", mask: "遮盖后提供", hold: "待审批", refuse: "不予提供" }) as Record<
          string,
          string
        >
      )[k] ?? k,
    approvalState: (k) =>
      (
        ({
          waiting: "待决定",
          approved: "已同意，尚未提供",
          refused: "不同意",
          used: "已提供",
        }) as Record<string, string>
      )[k] ?? k,
    why: (k) =>
      (
        ({
          blocked_by_directive: "有主管部门的决定。",
          recipient_closed: "该接收方已关闭。",
          purpose_not_registered: "该接收方未登记此目的。",
          category_not_registered: "该接收方未登记这些数据类别。",
          field_does_not_leave: "有字段未声明可为此目的外传。",
          law: "法律要求的条件尚未具备。",
          approval: "向该接收方的每次提供都须审批。",
        }) as Record<string, string>
      )[k] ?? k.replaceAll("_", " "),
    need: (k) =>
      (
        ({
          standard_contract: "有效的标准合同",
          certificate: "有效的认证",
          certification: "有效的认证",
          security_assessment: "有效的安全评估",
          authority_approval: "主管机关批准",
          separate_consent: "每人的单独同意",
          consent: "同意",
          notice: "告知本人",
          consent_outbound: "每人对出境的单独同意",
          consent_share: "每人对提供给他人的单独同意",
          consent_publish: "每人对公开的单独同意",
          consent_camera: "每人对图像用途的单独同意",
          consent_sensitive: "每人对敏感信息的单独同意",
          consent_guardian: "监护人同意",
          approval: "主管机关批准",
          greater_bay_contract: "大湾区标准合同",
          cybersecurity_review: "通过网络安全审查",
          encryption: "传输与存储加密",
          processor_contract: "委托处理合同",
          impact_assessment: "影响评估报告",
        }) as Record<string, string>
      )[k] ?? k.replaceAll("_", " "),
    classWord: (k) =>
      (
        ({
          general: "一般",
          personal: "个人信息",
          sensitive: "敏感",
          important: "重要",
          core: "核心",
        }) as Record<string, string>
      )[k] ?? k,
    category: (k) =>
      (
        ({
          business: "商业信息",
          contact: "联系方式",
          identity: "身份",
          address: "地址",
          message: "消息",
          conduct: "行为记录",
          employment: "从业信息",
          vehicle: "车辆",
          device: "设备",
          identity_paper: "证件",
          location: "位置",
          track: "轨迹",
          payment: "账户",
          credential: "凭证",
          biometric: "生物识别",
          health: "健康",
          minor: "未满十四周岁",
          important_flow: "重要流量",
          core_state: "核心数据",
        }) as Record<string, string>
      )[k] ?? k.replaceAll("_", " "),
    purpose: (k) =>
      (
        ({
          publish: "发布与匹配货源",
          deliver: "履行运单",
          verify: "核验证照",
          notify: "发送验证码与通知",
          converse: "传递消息",
          settle: "结算资金",
          support: "处理个案",
          secure: "保障账户安全",
          resolve: "处理争议",
          self_access: "个人查阅本人信息",
          backup: "保存备份",
          webhook: "接口推送",
        }) as Record<string, string>
      )[k] ?? k.replaceAll("_", " "),
    basisWord: (k) =>
      (
        ({
          contract: "合同",
          consent: "同意",
          separate_consent: "单独同意",
          legal_obligation: "法定义务",
          emergency: "紧急情况",
          public_interest: "公共利益",
          legitimate_interest: "正当利益",
        }) as Record<string, string>
      )[k] ?? k.replaceAll("_", " "),
    anchor: (k) =>
      (
        ({
          account: "账户注销",
          trip: "行程结束",
          order: "订单完成",
          record: "记录生成",
          consent: "同意收回",
          session: "会话结束",
          dispute: "纠纷了结",
          listing: "货源关闭",
        }) as Record<string, string>
      )[k] ?? k,
    keptAfter: (span, anchor) => `${anchor}后 ${span}`,
    keptWith: (anchor) => `至${anchor}`,
    span: (n, unit) =>
      `${n} ${({ d: "天", m: "个月", y: "年", h: "小时" } as Record<string, string>)[unit] ?? unit}`,
    way: (k) =>
      (
        ({
          sms: "短信通道",
          "e-mail": "邮件通道",
          bank: "银行",
          "sms, e-mail": "短信与邮件通道",
        }) as Record<string, string>
      )[k] ?? k,
    system: "程序",
  },
);
