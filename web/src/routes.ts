// Every page and its path. A page is one file, loaded when first needed.
import type { RouteDef } from "./lib/router.svelte";

export const routes: RouteDef[] = [
  { path: "/", page: () => import("./pages/Front.svelte"), tab: "front" },
  { path: "/login", page: () => import("./pages/Login.svelte"), tab: "login" },
  { path: "/freight", page: () => import("./pages/Board.svelte"), tab: "loads", bare: "top" },
  {
    path: "/freight/loads/:id",
    page: () => import("./pages/Load.svelte"),
    tab: "loads",
    bare: "all",
  },
];
