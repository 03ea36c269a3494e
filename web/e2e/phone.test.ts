import { journey } from "./journey";

journey("phone", { shipper: "en", trucker: "zh-Hans", staff: "zh-Hans" });
