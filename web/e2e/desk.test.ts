import { journey } from "./journey";

journey("desk", { shipper: "zh-Hans", trucker: "en", staff: "en" });
