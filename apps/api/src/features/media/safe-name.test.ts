import { describe, expect, it } from 'vitest';
import { safeName } from './safe-name.ts';

describe('a name that is made safe', () => {
  it.each([
    ['../../etc/passwd', 'txt', 'passwd.txt'],
    ['..\\..\\windows\\system32\\a.dll', 'txt', 'a_dll.txt'],
    ['C:\\Users\\eleve\\photo.jpg', 'jpg', 'photo.jpg'],
    ['/', 'pdf', 'sans-nom.pdf'],
    ['', 'pdf', 'sans-nom.pdf'],
    ['...', 'pdf', 'sans-nom.pdf'],
    ['.htaccess', 'txt', 'htaccess.txt'],
    ['photo.php.jpg', 'jpg', 'photo_php.jpg'],
    ['page.html.pdf', 'pdf', 'page_html.pdf'],
    ['shell.php', 'jpg', 'shell_php.jpg'],
    ['facture.pdf.exe', 'pdf', 'facture.pdf_exe.pdf'],
    ['a.tar.gz', 'zip', 'a.tar.gz.zip'],
    ['Photo.JPEG', 'jpg', 'Photo.jpg'],
    ['Compte rendu n° 12.5.pdf', 'pdf', 'Compte rendu n° 12.5.pdf'],
    ['a\0b.pdf', 'pdf', 'ab.pdf'],
    ['a\r\nSet-Cookie: x.pdf', 'pdf', 'a Set-Cookie_ x.pdf'],
    ['\u202Efdp.exe', 'pdf', 'fdp_exe.pdf'],
    ['a\u200Bb\u2066c.pdf', 'pdf', 'abc.pdf'],
    ['con.pdf', 'pdf', '_con.pdf'],
    ['COM1', 'txt', '_COM1.txt'],
    ['a<b>:"|?*.pdf', 'pdf', 'a_b______.pdf'],
    ['e\u0301te\u0301.pdf', 'pdf', 'été.pdf'],
    ['\uD800.pdf', 'pdf', 'pdf.pdf'],
    ['  a.pdf  ', 'pdf', 'a.pdf'],
    ['الصف الأول.pdf', 'pdf', 'الصف الأول.pdf'],
    ['班级照片.jpg', 'jpg', '班级照片.jpg'],
    ['कक्षा.pdf', 'pdf', 'कक्षा.pdf'],
    ['👩‍🏫 classe.pdf', 'pdf', '👩‍🏫 classe.pdf'],
  ])('%j becomes what a %s is called: %j', (given, extension, safe) => {
    expect(safeName(given, extension)).toBe(safe);
  });

  it.each(['a', 'é', '班', '👩‍🏫'])(
    'has 255 bytes at most, its ending and whole characters: %s',
    (character) => {
      for (const times of [63, 64, 250, 256, 5_000]) {
        const name = safeName(`${character.repeat(times)}.pdf`, 'pdf');
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        expect(name.endsWith('.pdf')).toBe(true);
        expect(name.slice(0, -4).replaceAll(character, '')).toBe('');
      }
    },
  );

  it('is safe already', () => {
    for (const given of ['../a.php.jpg', '\u202Efdp.exe', 'con.pdf', 'é'.repeat(300)]) {
      const once = safeName(given, 'jpg');
      expect(safeName(once, 'jpg')).toBe(once);
    }
  });
});
