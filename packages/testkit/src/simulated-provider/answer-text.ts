/** Words for an answer: by the prompt's language and topic, the same for the same prompt, and never passing for real. */
import { countTokens, splitTokens } from './tokens.ts';

type Language = 'de' | 'en';

const GERMAN =
  /\b(der|die|das|und|ist|ich|wie|was|ein|eine|nicht|mit|für|von|warum|bitte|kannst|mir|wer|wo|erkläre|schreibe|hallo|guten)\b/gi;
const ENGLISH =
  /\b(the|and|is|i|how|what|a|an|not|with|for|of|why|please|can|me|who|where|explain|write|hello|you)\b/gi;
const ABOUT_CODE = /\b(code|function|script|sql|python|typescript|javascript|funktion|programm|api|json)\b/i;
const OPENING =
  /^(please|can you|could you|what is|what are|what|how do i|how|why|explain|write|tell me|bitte|kannst du|was ist|was sind|was|wie|warum|erkläre mir|erkläre|schreibe|schreib|erzähl mir|erzähle|mir|me)(?![\p{L}])\s*/iu;
const TOPIC_CHARACTERS = 70;

function languageOf(text: string): Language {
  if (/[äöüß]/i.test(text)) return 'de';
  return (text.match(GERMAN)?.length ?? 0) > (text.match(ENGLISH)?.length ?? 0) ? 'de' : 'en';
}

/** What the prompt is about: its first line without the question around it. */
export function topicOf(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  let topic = line.replace(/[?!.:\s]+$/u, '');
  for (let before = ''; before !== topic; ) {
    before = topic;
    topic = topic.replace(OPENING, '');
  }
  const characters = Array.from(topic || line);
  const cut = characters.slice(0, TOPIC_CHARACTERS).join('');
  return characters.length > TOPIC_CHARACTERS ? `${cut.replace(/\s+\S*$/u, '')} …` : cut;
}

const PHRASES = {
  de: {
    nothing: 'deine Nachricht',
    first: (topic: string, model: string) =>
      `Simulierte Antwort zu „${topic}“: Kein Modell wurde gefragt, dieser Text zeigt nur, wie eine Antwort von ${model} ankommt.`,
    result: (result: string) => `Das Werkzeug hat geantwortet: ${result}`,
    lists: [
      [
        '**Ausgangslage:** was bekannt ist und was fehlt',
        '**Möglichkeiten:** mindestens zwei, mit ihren Kosten',
        '**Nächster Schritt:** klein und heute machbar',
      ],
      [
        '**Ziel** in einem Satz festhalten',
        '**Annahmen** prüfen, bevor sie teuer werden',
        '**Ergebnis** mit anderen besprechen',
      ],
    ],
    listIntro: (topic: string) => `So ließe sich „${topic}“ angehen:`,
    codeIntro: 'Ein kleines Beispiel dazu:',
    more: (topic: string, index: number) =>
      `${index}. Noch ein Gedanke zu „${topic}“: Wer klein anfängt, lernt früh und kann die Richtung ändern, solange das wenig kostet.`,
    close: 'Mit einem echten Schlüssel des Anbieters stünde hier eine echte Antwort.',
    thought: (topic: string) => `Die Frage dreht sich um „${topic}“. Ich ordne sie ein und antworte kurz. `,
  },
  en: {
    nothing: 'your message',
    first: (topic: string, model: string) =>
      `Simulated answer about “${topic}”: no model was asked, this text only shows how an answer of ${model} arrives.`,
    result: (result: string) => `The tool answered: ${result}`,
    lists: [
      [
        '**Where we stand:** what is known and what is missing',
        '**Options:** at least two, with what they cost',
        '**Next step:** small, and doable today',
      ],
      [
        'Put the **goal** into one sentence',
        'Check the **assumptions** before they get expensive',
        'Talk the **result** over with others',
      ],
    ],
    listIntro: (topic: string) => `One way to go about “${topic}”:`,
    codeIntro: 'A small example:',
    more: (topic: string, index: number) =>
      `${index}. One more thought on “${topic}”: who starts small learns early, and can turn while turning is cheap.`,
    close: 'With a real key of the provider a real answer would stand here.',
    thought: (topic: string) => `The question is about “${topic}”. I put it into order and answer briefly. `,
  },
} as const;

function variantOf(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum;
}

function codeBlock(topic: string): string {
  return `\`\`\`ts\nconst topic = ${JSON.stringify(topic)};\nconsole.log(\`\${topic}: \${topic.length}\`);\n\`\`\``;
}

/** An answer in Markdown; with `lengthTokens` exactly that long. */
export function writeAnswerText(
  text: string,
  options: { model: string; toolResult: string | null; lengthTokens: number | undefined },
): string {
  const language = languageOf(text);
  const phrases = PHRASES[language];
  const topic = topicOf(text) || phrases.nothing;
  const variant = variantOf(text);
  const list = phrases.lists[variant % phrases.lists.length] ?? [];
  const paragraphs: string[] = [phrases.first(topic, options.model)];
  if (options.toolResult !== null) paragraphs.push(phrases.result(topicOf(options.toolResult)));
  else {
    paragraphs.push(phrases.listIntro(topic), list.map((item) => `- ${item}`).join('\n'));
    if (ABOUT_CODE.test(text) || variant % 4 === 0) paragraphs.push(phrases.codeIntro, codeBlock(topic));
  }
  paragraphs.push(phrases.close);
  if (options.lengthTokens === undefined) return paragraphs.join('\n\n');
  let answer = paragraphs.join('\n\n');
  const step = countTokens(phrases.more(topic, 1));
  const missing = options.lengthTokens - countTokens(answer);
  const more = Array.from({ length: Math.max(0, Math.ceil(missing / step)) }, (_, index) =>
    phrases.more(topic, index + 1),
  );
  answer = [answer, ...more].join('\n\n');
  return splitTokens(answer).slice(0, options.lengthTokens).join('');
}

/** Visible thinking of exactly so many tokens. */
export function writeThought(text: string, tokens: number): string {
  const phrases = PHRASES[languageOf(text)];
  const thought = phrases.thought(topicOf(text) || phrases.nothing);
  const repeated = thought.repeat(Math.ceil(tokens / countTokens(thought)) + 1);
  return splitTokens(repeated).slice(0, tokens).join('');
}
