import type { Language } from '@preau/contracts/vocabulary';
import type { MailContent } from './define-mail.ts';

export interface MailColours {
  primary: string;
  onPrimary: string;
}

export interface WrittenMail {
  subject: string;
  text: string;
  html: string;
}

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

// A header that a name with a line break in it would end.
const oneLine = (text: string): string => text.replace(/[\r\n\t]+/g, ' ').trim();

function plain(
  { paragraphs, code, action, links = [], notes = [] }: MailContent,
  signature: string,
  language: Language,
): string {
  const colon = language === 'fr' ? ' :' : ':';
  return [
    ...paragraphs,
    ...(code ? [`    ${code}`] : []),
    ...(action ? [`${action.label}${colon}\n${action.url}`] : []),
    ...(links.length > 0 ? [links.map(({ label, url }) => `- ${label}\n  ${url}`).join('\n')] : []),
    ...notes,
    `-- \n${signature}`,
  ].join('\n\n');
}

/** Plain text and simple HTML under a band in the school's colour. No image, nothing loaded from anywhere. */
export function writeMail(
  content: MailContent,
  { name, language, colours }: { name: string; language: Language; colours: MailColours },
): WrittenMail {
  const subject = oneLine(content.subject);
  const { paragraphs, code, action, links = [], notes = [] } = content;
  const paragraph = (text: string, style = '') =>
    `<p style="margin:0 0 16px;${style}">${escape(text).replaceAll('\n', '<br>')}</p>`;
  const body = [
    ...paragraphs.map((text) => paragraph(text)),
    ...(code
      ? [
          `<p style="margin:0 0 16px;font-family:monospace;font-size:28px;letter-spacing:4px">${escape(code)}</p>`,
        ]
      : []),
    ...(action
      ? [
          `<p style="margin:0 0 16px"><a href="${escape(action.url)}" style="display:inline-block;padding:12px 20px;border-radius:6px;text-decoration:none;background:${colours.primary};color:${colours.onPrimary}">${escape(action.label)}</a></p>`,
          paragraph(action.url, 'font-size:13px;color:#555555;word-break:break-all'),
        ]
      : []),
    ...(links.length > 0
      ? [
          `<ul style="margin:0 0 16px;padding-left:20px">${links.map(({ label, url }) => `<li><a href="${escape(url)}">${escape(label)}</a></li>`).join('')}</ul>`,
        ]
      : []),
    ...notes.map((text) => paragraph(text, 'font-size:13px;color:#555555')),
  ].join('\n');
  const html = `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(subject)}</title></head>
<body style="margin:0;background:#f4f4f4;color:#1f1f1f;font-family:system-ui,sans-serif;font-size:16px;line-height:1.5">
<div style="max-width:560px;margin:24px auto;background:#ffffff;border-radius:8px;overflow:hidden">
<div style="padding:16px 24px;background:${colours.primary};color:${colours.onPrimary};font-weight:600">${escape(name)}</div>
<div style="padding:24px">
${body}
</div></div></body></html>
`;
  return { subject, text: `${plain(content, name, language)}\n`, html };
}
