// Things kept on this device until there is signal: one IndexedDB store, rows by id.
const NAME = "sarai";
const STORE = "kept";

function open(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const ask = indexedDB.open(NAME, 1);
    ask.onupgradeneeded = () => ask.result.createObjectStore(STORE, { keyPath: "id" });
    ask.onsuccess = () => done(ask.result);
    ask.onerror = () => fail(ask.error);
  });
}
async function within<T>(
  mode: IDBTransactionMode,
  run: (s: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const db = await open();
  try {
    return await new Promise<T>((done, fail) => {
      const ask = run(db.transaction(STORE, mode).objectStore(STORE));
      ask.onsuccess = () => done(ask.result);
      ask.onerror = () => fail(ask.error);
    });
  } finally {
    db.close();
  }
}
export async function put(row: { id: string }): Promise<void> {
  await within("readwrite", (s) => s.put(row));
}
export async function remove(id: string): Promise<void> {
  await within("readwrite", (s) => s.delete(id));
}
export async function all<T>(): Promise<T[]> {
  return (await within("readonly", (s) => s.getAll())) as T[];
}
