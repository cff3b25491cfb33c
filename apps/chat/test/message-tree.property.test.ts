import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Node, pathOf, pathTo } from '../src/thread/message-tree.ts';

const ids = (path: { message: Node }[]) => path.map(({ message }) => message.id).join(' ');
const node = (id: string, parentId: string | null): Node => ({ id, parentId });
/** a – b – c, with b2 beside b (and d below it), e beside a. */
const messages = [node('a', null), node('b', 'a'), node('c', 'b'), node('b2', 'a'), node('d', 'b2')];

it('leads to what was written last, or where somebody chose to go', () => {
  expect(ids(pathOf(messages))).toBe('a b2 d');
  expect(ids(pathOf(messages, new Map([['a', 'b']])))).toBe('a b c');
  expect(ids(pathOf([...messages, node('c2', 'b')]))).toBe('a b c2');
  expect(ids(pathOf([...messages, node('e', null)]))).toBe('e');
  expect(pathOf(messages)[1]?.siblings).toEqual(['b', 'b2']);
  expect(pathOf([])).toEqual([]);
});

it('a choice of something that is not there is none', () => {
  expect(ids(pathOf(messages, new Map([['a', 'gone']])))).toBe('a b2 d');
});

it('the way to a message ends with it', () => {
  expect(ids(pathTo(messages, 'b'))).toBe('a b');
  expect(pathTo(messages, null)).toEqual([]);
  expect(pathTo(messages, 'gone')).toEqual([]);
});

it('each path begins at a root, goes from parent to child, and the newest message is on the first one', () => {
  const trees = fc
    .array(fc.option(fc.nat(30), { nil: null }), { minLength: 1, maxLength: 30 })
    .map((parents) =>
      parents.map((parent, index) => node(`${index}`, parent === null || index === 0 ? null : `${parent % index}`)),
    );
  fc.assert(
    fc.property(trees, fc.nat(29), (tree, at) => {
      const path = pathOf(tree);
      expect(path.at(-1)?.message).toBe(tree.at(-1));
      const target = tree[at % tree.length]?.id ?? null;
      const way = pathTo(tree, target);
      expect(way.at(-1)?.message.id).toBe(target);
      for (const steps of [path, way])
        expect(steps.map(({ message }) => message.parentId)).toEqual([
          null,
          ...steps.slice(0, -1).map(({ message }) => message.id),
        ]);
    }),
  );
});
