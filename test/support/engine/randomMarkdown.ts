/** A random Markdown document, and pieces of it that have to come out as they are. */
export function randomMarkdown(random: () => number): { text: string; pieces: string[] } {
  const pieces: string[] = [];
  let count = 0;
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const piece = (make: (number: number) => string): string => {
    const made = make(1000 + count++);
    pieces.push(made);
    return made;
  };
  const word = (): string =>
    pick(['the', 'cat', 'dog', 'sat', 'sang', 'on', 'a', 'mat', 'open', 'file']);
  const words = (): string => Array.from({ length: 1 + Math.floor(random() * 4) }, word).join(' ');
  const inline = (): string =>
    pick<() => string>([
      words,
      words,
      () => piece((n) => `\`code${n}\``),
      () => `[${words()}${piece((n) => `](https://a.b/${n})`)}`,
      () => `[**${words()}**${piece((n) => `](x${n}.md "t")`)}`,
      () => piece((n) => `![${word()}](i${n}.png)`),
      () => `**${words()}**`,
      () => `*${words()} ${piece((n) => `\`in${n}\``)}*`,
      () => `<b id="${piece((n) => `b${n}`)}">${words()}</b>`,
      () => piece((n) => `<!-- c${n} -->`),
      () => piece((n) => `{${n}}`),
      () => piece((n) => `\${v${n}}`),
      () => piece((n) => `%${n}$s`),
      () => piece((n) => `https://c.d/${n}`),
      () => piece((n) => `<https://e.f/${n}>`),
      () => piece((n) => `m${n}@example.org`),
      () => piece((n) => `src/a/f${n}.ts`),
      () => piece((n) => `&#${n};`),
      () => piece((n) => `[^${n}]`),
      () => piece((n) => `<code>the file ${n}</code>`),
      () => piece((n) => `<kbd>the <b>cat</b> ${n}</kbd>`),
      () => `${piece((n) => `<${n}>`)}${words()}</${count + 999}>`,
      () => piece((n) => `$the cat_${n}$`),
      () => piece((n) => `\\(the + ${n}\\)`),
      () => piece((n) => `:id/edit${n}`),
      () => piece((n) => `?name${n}`),
      () => piece((n) => `{name${n}!r:>10}`),
      () => piece((n) => `x~${n}~`),
      () => piece((n) => `x^${n}^`),
      () => piece((n) => `[[The Cat ${n}]]`),
      () => `${piece((n) => `[[The Cat ${n}|`)}${words()}]]`,
      () => piece((n) => `sat=${n}`),
    ])();
  const sentence = (): string =>
    `${Array.from({ length: 1 + Math.floor(random() * 5) }, inline).join(' ')}${pick(['.', '!', '', ':'])}`;
  const paragraph = (): string =>
    Array.from({ length: 1 + Math.floor(random() * 2) }, sentence).join(' ');
  const block = (): string =>
    pick<() => string>([
      paragraph,
      paragraph,
      () => `${pick(['#', '###'])} ${sentence()}`,
      () => `- ${sentence()}\n  - [ ] ${sentence()}\n- ${sentence()}`,
      () => `1. ${sentence()}\n2. ${sentence()}`,
      () => `> ${sentence()}\n> ${sentence()}`,
      () => `| ${inline()} | ${inline()} |\n| --- | :-: |\n| ${inline()} | ${inline()} |`,
      () => piece((n) => `\`\`\`js\nconst the_cat${n} = "sat";\n\`\`\``),
      () => `text\n\n${piece((n) => `    the cat sat ${n};`)}`,
      () => `<div>\n${words()} ${piece((n) => `<a href="h${n}">`)}${words()}</a>\n</div>`,
      () => `${piece((n) => `::: warning the cat ${n}`)}\n${sentence()}\n\n:::`,
      () => piece((n) => `$$\nthe cat = ${n}\n$$`),
      () => piece((n) => `[r${n}]: https://r.r/${n} "the cat"`),
    ])();
  const front = random() < 0.3 ? `${piece((n) => `---\ntitle: the cat ${n}\n---`)}\n\n` : '';
  const blocks = Array.from({ length: 1 + Math.floor(random() * 6) }, block).join('\n\n');
  return { text: `${front}${blocks}\n\nthe cat sat.\n`, pieces };
}
