/** The shape of every mail: the same content as HTML and as plain text. No picture is loaded from anywhere. */
const INK = '#161e22';
const PALE = '#526068';
const PETROL = '#0c6a80';
const FONT = "font-family:'Segoe UI',Helvetica,Arial,sans-serif";

const escapeHtml = (text) => String(text).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
const isControl = (letter) => letter < ' ' || (letter >= '\u007f' && letter <= '\u009f');
/** One line, no control characters: a name can't begin a header or a paragraph of its own. */
const oneLine = (text) =>
  Array.from(String(text), (letter) => (isControl(letter) ? ' ' : letter))
    .join('')
    .replace(/\s+/g, ' ')
    .trim();

const bar = (width, opacity) =>
  `<div style="width:${width}px;height:5px;margin-bottom:3px;border-radius:3px;background:${PETROL};opacity:${opacity};font-size:0;line-height:0">&nbsp;</div>`;

const brand = (name) => `<table role="presentation" cellpadding="0" cellspacing="0"><tr>
<td style="padding-right:10px">${bar(26, 1)}${bar(17, 0.65)}${bar(9, 0.35)}</td>
<td style="${FONT};font-size:17px;font-weight:700;color:${INK};letter-spacing:-0.02em">${escapeHtml(name)}</td>
</tr></table>`;

const paragraph = (text) => `<p style="margin:0 0 16px;word-break:break-word">${escapeHtml(text)}</p>`;
const note = (text) =>
  `<p style="margin:0 0 10px;font-size:13px;line-height:20px;color:${PALE}">${escapeHtml(text)}</p>`;

const button = (label, url) => `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:24px 0"><tr>
<td style="border-radius:8px;background:${PETROL}"><a href="${escapeHtml(url)}" style="display:inline-block;padding:13px 24px;font-size:16px;font-weight:600;color:#ffffff;text-decoration:none">${escapeHtml(label)}</a></td>
</tr></table>`;

const codeBlock = (code) =>
  `<p style="margin:20px 0;padding:16px 20px;border-radius:8px;background:#eef1f3;font-family:Consolas,Menlo,monospace;font-size:28px;font-weight:600;letter-spacing:4px;color:${INK}">${escapeHtml(code)}</p>`;

function toHtml({ language, subject, appName, greeting, lines, label, url, linkHint, code, notes, automatic }) {
  const link = url
    ? button(label, url) +
      note(linkHint) +
      `<p style="margin:0 0 20px;font-size:13px;line-height:20px;word-break:break-all"><a href="${escapeHtml(url)}" style="color:${PETROL}">${escapeHtml(url)}</a></p>`
    : '';
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;padding:0;background:#f6f8f9">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f6f8f9"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px"><tr><td style="padding:0 4px 20px">${brand(appName)}</td></tr>
<tr><td style="padding:32px;border:1px solid #e0e6e9;border-radius:12px;background:#ffffff;${FONT};font-size:16px;line-height:25px;color:${INK}">
<h1 style="margin:0 0 20px;font-size:21px;line-height:28px;letter-spacing:-0.01em">${escapeHtml(subject)}</h1>
${paragraph(greeting)}${lines.map(paragraph).join('')}${code ? codeBlock(code) : ''}${link}${notes.map(note).join('')}
</td></tr>
<tr><td style="padding:16px 4px;${FONT};font-size:12px;line-height:18px;color:${PALE}">${escapeHtml(automatic)}</td></tr></table>
</td></tr></table>
</body></html>`;
}

function toText({ greeting, lines, label, url, code, notes, appName, automatic }) {
  const parts = [greeting, ...lines];
  if (code) parts.push(`    ${code}`);
  if (url) parts.push(`${label}:\n${url}`);
  return `${[...parts, ...notes, `-- \n${appName}\n${automatic}`].join('\n\n')}\n`;
}

module.exports = {
  escapeHtml,
  oneLine,
  /** @returns subject, html and text */
  lay(content) {
    return { subject: content.subject, html: toHtml(content), text: toText(content) };
  },
};
