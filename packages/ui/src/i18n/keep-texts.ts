import type { i18n, TFunction } from 'i18next';

/**
 * Texts without variables are looked up once: i18next takes longer to find one (10 to 50 µs) than the browser to draw it, and a
 * page says hundreds. What is not there yet is not kept. Everybody who asks for a language's texts gets the same function.
 */
export function keepTexts(instance: i18n): void {
  const known = new Map<string, TFunction>();
  const original = instance.getFixedT.bind(instance) as (...given: unknown[]) => TFunction;
  const kept = (language: unknown, namespace: unknown, prefix?: unknown, options?: unknown): TFunction => {
    const t = original(language, namespace, prefix, options);
    if (typeof language !== 'string' || typeof namespace !== 'string' || prefix) return t;
    const of = `${language} ${namespace}`;
    const keeping = known.get(of) ?? keepingFrom(t);
    known.set(of, keeping);
    return keeping;
  };
  instance.getFixedT = kept as typeof instance.getFixedT;
}

function keepingFrom(t: TFunction): TFunction {
  const texts = new Map<string, string>();
  const find = t as unknown as (name: unknown, ...variables: unknown[]) => string;
  const keeping = (name: unknown, ...variables: unknown[]): string => {
    if (typeof name !== 'string' || variables.length > 0) return find(name, ...variables);
    const text = texts.get(name) ?? find(name);
    if (text !== name) texts.set(name, text);
    return text;
  };
  return Object.assign(keeping, t) as unknown as TFunction;
}
