import "./tokens.css";
import "./base.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { watchOrders } from "./lib/law/orders.svelte";
import { startRouter } from "./lib/router.svelte";
import { start } from "./lib/session.svelte";

async function run(): Promise<void> {
  // Answers from memory while no server runs: development only, never in a build.
  if (import.meta.env.DEV && import.meta.env.MODE === "mock") await import("./dev");
  start();
  watchOrders();
  startRouter();
  const target = document.getElementById("app");
  if (target) mount(App, { target });
  if (import.meta.env.PROD)
    await navigator.serviceWorker?.register("/sw.js").catch(() => undefined);
}
void run();
