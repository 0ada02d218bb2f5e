import { logoProblem, MOST_LOGO_BYTES } from '../../../src/platform/assets/logo.js';

const svg = (inside: string, before = '') =>
  Buffer.from(`${before}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">${inside}</svg>`);
const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

describe('the logo of the ISV', () => {
  it.each<[string, Buffer]>([
    ['an SVG', svg('<path d="M0 0h9v9z"/>')],
    [
      'an SVG as written by drawing programs',
      svg(
        '',
        '\uFEFF<?xml version="1.0"?>\n<!-- made by - a program -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd">\n',
      ),
    ],
    [
      'an SVG with a gradient and a style',
      svg('<style>.a{fill:url(#b)}</style><linearGradient id="b"/><use href="#b" xlink:href="#b"/>'),
    ],
    ['an SVG with a picture in it', svg('<image href="data:image/png;base64,iVBORw0KGgo="/>')],
    ['a PNG', png],
    ['a JPEG', Buffer.from('ffd8ffe000104a464946', 'hex')],
    ['a WebP', Buffer.from('RIFF\0\0\0\0WEBPVP8 ', 'latin1')],
  ])('may be %s', (_what, body) => {
    expect(logoProblem(body)).toBeUndefined();
  });

  it.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'must name an SVG, PNG, JPEG or WebP picture'],
    ['a TIFF', Buffer.from('II*\0'), 'must name an SVG, PNG, JPEG or WebP picture'],
    ['a page', Buffer.from('<!doctype html><svg></svg>'), 'must name an SVG, PNG, JPEG or WebP picture'],
    [
      'an audio file in the same container',
      Buffer.from('RIFF\0\0\0\0WAVE'),
      'must name an SVG, PNG, JPEG or WebP picture',
    ],
    ['too much', Buffer.concat([png, Buffer.alloc(MOST_LOGO_BYTES)]), 'at most 100 kB'],
    ['a script', svg('<script>alert(1)</script>'), 'without scripts'],
    ['a script under a prefix', svg('<svg:script>alert(1)</svg:script>'), 'without scripts'],
    ['a handler', svg('<g onclick="alert(1)"/>'), 'without scripts'],
    ['a handler after a slash', svg('<g/onclick=alert(1)/>'), 'without scripts'],
    ['an address with code', svg('<a href="javascript:alert(1)"/>'), 'without scripts'],
    ['an embedded page', svg('<foreignObject/>'), 'without scripts'],
    ['entities', svg('', '<!DOCTYPE svg [<!ENTITY a "b">]>'), 'must name an SVG'],
    [
      'a picture on another host',
      svg('<image href="https://elsewhere.example/a.png"/>'),
      'loads nothing from elsewhere',
    ],
    [
      'a picture on another host in old syntax',
      svg("<image xlink:href='//elsewhere.example/a.png'/>"),
      'loads nothing',
    ],
    ['a font on another host', svg('<style>@import "https://elsewhere.example/a.css"</style>'), 'loads nothing'],
    ['a fill on another host', svg('<rect fill="url(https://elsewhere.example/#a)"/>'), 'loads nothing'],
  ])('is rejected if it is %s', (_what, body, problem) => {
    expect(logoProblem(body)).toContain(problem);
  });
});
