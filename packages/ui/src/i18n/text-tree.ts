/** Texts of one language: names in groups. A name that ends in `_one`/`_other` is a plural form. */
export interface TextTree {
  [name: string]: string | TextTree;
}
/** The same names as in `T`, other words. */
export type SameTexts<T extends TextTree> = { [K in keyof T]: T[K] extends TextTree ? SameTexts<T[K]> : string };
