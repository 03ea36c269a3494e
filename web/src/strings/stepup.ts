// Words of the fresh factor.
import { strings } from "../lib/strings";

export const s = strings(
  {
    totpCode: "Code of your authenticator",
    useRecovery: "Use a recovery code",
    recoveryCode: "Recovery code",
    yourAddress: "Your telephone or e-mail",
    sendCode: "Send code",
    lacksWhy:
      "Money and contacts move only with an authenticator: a code by message can be caught on its way. Setting one up takes a minute.",
    lacksDo: "Set up the authenticator",
    againIn: (n: number) => `A new code can be sent in ${n} s`,
  },
  {
    totpCode: "身份验证器验证码",
    useRecovery: "使用恢复码",
    recoveryCode: "恢复码",
    yourAddress: "您的手机号或邮箱",
    sendCode: "获取验证码",
    lacksWhy: "涉及资金与联系方式的操作须用身份验证器确认，短信验证码可能被截获。设置只需一分钟。",
    lacksDo: "设置身份验证器",
    againIn: (n) => `${n} 秒后可重新获取`,
  },
);
