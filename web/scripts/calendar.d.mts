export function calendar(toml: string): { off: string[]; work: string[]; notAnnounced: number[] };
