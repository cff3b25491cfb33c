import type { ConversationSummary } from '@cloudfreedom/contracts';

/** A dialog that is asked for. */
export type Asked = { what: 'rename' | 'move' | 'share'; conversation: ConversationSummary };

export interface ItemActions {
  onNavigate: () => void;
  onAsk: (asked: Asked) => void;
  onDelete: (conversation: ConversationSummary) => void;
}
