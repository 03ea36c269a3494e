// The wire contract between the pages and `api`: types by resource in `wire/`, every route in `wire/routes.ts`.
export type * from "./wire/account";
export type * from "./wire/base";
export type * from "./wire/freight";
export type * from "./wire/gate";
export type * from "./wire/law";
export type * from "./wire/money";
export type * from "./wire/ops";
export type * from "./wire/orgs";
export type * from "./wire/review";
export type * from "./wire/routes";
export type * from "./wire/talk";
export type * from "./wire/world";
