/** What a Claude model takes, read from its name. */

export interface Abilities {
  /** `budget`: thinking with a number of tokens; `adaptive`: the model decides, guided by an effort. */
  thinking: 'none' | 'budget' | 'adaptive';
  /** temperature and top_p; models from 4.7 on refuse them. */
  sampling: boolean;
  /** A JSON schema for the answer. */
  schema: boolean;
}

const OLD_NAME = /claude-(?:instant|(\d)(?:[-.](\d))?)(?![0-9])/;
const NEW_NAME = /claude-[a-z]+-(\d{1,2})(?:[-.](\d{1,2}))?(?![0-9])/;

/** Names that say no version are taken for new ones. */
export function abilitiesOf(model: string): Abilities {
  const [, major = '', minor = '0'] = NEW_NAME.exec(model) ?? OLD_NAME.exec(model) ?? [null, '99'];
  const version = Number(major || '1') * 100 + Number(minor);
  return {
    thinking: version >= 406 ? 'adaptive' : version >= 307 ? 'budget' : 'none',
    sampling: version < 407,
    schema: version >= 401,
  };
}
