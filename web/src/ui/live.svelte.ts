// What the bars show of what is live: when the last thing was heard, and what waits unread.
export const live = $state<{ at: Date | null; unread: number }>({ at: null, unread: 0 });
