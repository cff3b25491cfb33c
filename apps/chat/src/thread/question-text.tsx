import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Longer ones begin folded: what was pasted is known, the answer is what people look for. */
const FOLDED_CHARACTERS = 900;
const FOLDED_LINES = 14;

/** The words of a question. */
export function QuestionText({ text }: { text: string }) {
  const { t } = useTranslation('app');
  const [whole, setWhole] = useState(false);
  const long = text.length > FOLDED_CHARACTERS || text.split('\n', FOLDED_LINES + 1).length > FOLDED_LINES;
  if (!long) return <div className="chat-bubble">{text}</div>;
  const shown = whole ? text : text.split('\n', FOLDED_LINES).join('\n').slice(0, FOLDED_CHARACTERS);
  return (
    <div className="chat-bubble" data-folded={!whole}>
      <div className="chat-bubble-text">{shown}</div>
      <button type="button" className="chat-fold" aria-expanded={whole} onClick={() => setWhole(!whole)}>
        {whole ? t('thread.fold') : t('thread.unfold')}
      </button>
    </div>
  );
}
