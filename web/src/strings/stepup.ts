// Words of the fresh factor.
import { strings } from "../lib/strings";

export const s = strings(
  {
    totpCode: "Code of your authenticator",
    useRecovery: "Use a recovery code",
    recoveryCode: "Recovery code",
    yourAddress: "Your telephone or e-mail",
    sendCode: "Send code",
    againIn: (n: number) => `A new code can be sent in ${n} s`,
  },
  {
    totpCode: "身份验证器验证码",
    useRecovery: "使用恢复码",
    recoveryCode: "恢复码",
    yourAddress: "您的手机号或邮箱",
    sendCode: "获取验证码",
    againIn: (n) => `${n} 秒后可重新获取`,
  },
);
