/** The messages of a conversation as a tree: several may follow one, edited or asked again; one path is shown. */

export interface Node {
  id: string;
  parentId: string | null;
}
/** Where somebody went another way than to the newest message: the child that was chosen, by its parent's id (or null). */
export type Choices = ReadonlyMap<string | null, string>;

interface Children<M> {
  messages: M[];
  /** Index of the newest message at or below each of them. */
  newest: number[];
}

function childrenByParent<M extends Node>(messages: readonly M[]): Map<string | null, Children<M>> {
  const ids = new Set(messages.map(({ id }) => id));
  const parentOf = (message: M) => (message.parentId !== null && ids.has(message.parentId) ? message.parentId : null);
  const newest = new Map<string, number>();
  const all = new Map<string | null, Children<M>>();
  // From the end: what follows a message is always newer than it.
  for (const [index, message] of [...messages.entries()].reverse()) {
    const reach = Math.max(index, newest.get(message.id) ?? -1);
    const parent = parentOf(message);
    if (parent !== null) newest.set(parent, Math.max(reach, newest.get(parent) ?? -1));
    const children = all.get(parent) ?? { messages: [], newest: [] };
    children.messages.unshift(message);
    children.newest.unshift(reach);
    all.set(parent, children);
  }
  return all;
}

export interface Step<M> {
  message: M;
  /** Ids of what stands beside it, itself among them, oldest first. */
  siblings: string[];
}

/** From the first message to the newest, or where the choices lead. `messages`: oldest first. */
export function pathOf<M extends Node>(messages: readonly M[], choices: Choices = new Map()): Step<M>[] {
  const all = childrenByParent(messages);
  const path: Step<M>[] = [];
  let parent: string | null = null;
  for (;;) {
    const children = all.get(parent);
    if (!children) return path;
    const chosen = children.messages.findIndex(({ id }) => id === choices.get(parent));
    const at = chosen >= 0 ? chosen : children.newest.indexOf(Math.max(...children.newest));
    const message = children.messages[at];
    if (!message) return path;
    path.push({ message, siblings: children.messages.map(({ id }) => id) });
    parent = message.id;
  }
}

/** The path that ends with this message; null: from nothing. */
export function pathTo<M extends Node>(messages: readonly M[], id: string | null): Step<M>[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const choices = new Map<string | null, string>();
  for (
    let at = id === null ? undefined : byId.get(id);
    at;
    at = at.parentId === null ? undefined : byId.get(at.parentId)
  )
    choices.set(at.parentId !== null && byId.has(at.parentId) ? at.parentId : null, at.id);
  if (choices.size === 0) return [];
  return pathOf(messages, choices).slice(0, choices.size);
}
