import { writeDocx, writeEpub, writeXlsx, writeZip } from '../office-writer.mjs';

/** UTF-16, low byte first, without a byte order mark. @param {string} text */
function utf16(text) {
  return Buffer.from(text, 'utf16le');
}

const MAIL = [
  'From: =?utf-8?Q?Ingrid_S=C3=B8lheim?= <ingrid@tarn.example>',
  'To: Pump room <pumps@harrow.example>',
  'Subject: Spring of valve three',
  'Date: Fri, 17 May 2024 10:30:00 +0200',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="part"',
  '',
  '--part',
  'Content-Type: text/plain; charset=windows-1252',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'The new spring was wound in the Tarn foundry from nickel steel and cost =80 4=',
  '0.',
  '',
  'Please fit it before the inspection on Tuesday.',
  '--part',
  'Content-Type: image/png; name="spring.png"',
  'Content-Disposition: attachment; filename="spring.png"',
  'Content-Transfer-Encoding: base64',
  '',
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  '--part--',
  '',
];

const CODE = `from gauge import read_gauge


# Keeps one line for each shift.
class PumpLog:
    def __init__(self):
        self.lines = []

    # The night watch writes at two o'clock.
    def write(self, watch, bar):
        self.lines.append(f"{watch}: {bar} bar")


# Rings the brass bell when the gauge falls below four bar.
def watch_gauge(log):
    bar = read_gauge()
    if bar < 4:
        log.write("bell", bar)
`;

/** Files of every format that can be read, each with facts that stand nowhere else. */
export const formatFixtures = {
  'harbour-crane.docx': writeDocx({
    title: 'Care of the harbour crane',
    blocks: [
      { heading: 'Harbour crane', level: 0 },
      'The crane of pier four lifts nine tonnes and was painted green in 1987.',
      { heading: 'Before the shift', level: 1 },
      'Turn the slewing gear once by hand and listen for the pawl.',
      { heading: 'Ropes', level: 2 },
      'A rope with six broken wires on one lay length is taken out of use.',
      {
        table: [
          ['Part', 'Interval'],
          ['Hoisting rope', '90 days'],
          ['Hook', 'two years'],
        ],
      },
    ],
  }),
  'tide-table.xlsx': writeXlsx({
    sheets: [
      {
        name: 'Spring tides',
        rows: [
          ['Harbour', 'Date', 'High water', 'Range in metres'],
          ['Wrenmouth', new Date(Date.UTC(2024, 2, 11)), '06:42', 5.9],
          ['Saltby', new Date(Date.UTC(2024, 2, 12)), '07:15', 4.2],
        ],
      },
      { name: 'Remarks', rows: [['The gauge at Saltby reads eleven centimetres too high.']] },
    ],
  }),
  'bridges.csv':
    'Bridge;Town;Opened;Note\r\nLendal;York;1863;"toll house, now a café"\r\nPulteney;Bath;1774;shops on both sides\r\nKingfisher Lane;Wrenmouth;1931;swing bridge that turns for herring boats\r\n',
  'lighthouse.epub': writeEpub({
    title: 'The lighthouse and its keepers',
    chapters: [
      {
        label: 'The first winter',
        body: '<h1>The first winter</h1><p>The lamp burned <em>rapeseed</em> oil until 1862, eleven gallons in a long night.</p>',
      },
      {
        label: 'Of fog',
        body: '<p>In fog the keeper rang the bell every two minutes, and his daughter counted.</p>',
      },
    ],
  }),
  'valve-spring.eml': MAIL.join('\r\n'),
  'pump_log.py': CODE,
  'orchard.zip': writeZip({
    'orchard/apples.md':
      '# Apples\n\nThe Ashmead tree is grafted on a quince stock and bears in its ninth year.\n',
    'orchard/notes/bees.txt': 'The hives face south east, and the third one swarmed on Whit Monday.\n',
    'orchard/tree.png': new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
  }),
  'valve-japanese.txt': utf16(
    '安全弁は八点四バールで開く。\n圧力が五点二バールまで下がると、弁は再び閉じる。\n毎月一日に手動レバーで点検する。\n',
  ),
  'valve-arabic.txt': 'يفتح صمام الأمان عند ضغط ثمانية بار. ثم يغلق عندما ينخفض الضغط إلى خمسة بار.\n',
  'mill-1252.txt': Buffer.from('The mill at Gro\xdfenhain grinds 40 sacks for \x80 12 each.\n', 'latin1'),
  'bomb.zip': writeZip({
    'zeros.txt': new Uint8Array(20 * 2 ** 20),
    'beside-the-bomb.md': '# Beside\n\nThis note lies beside the bomb and is read.\n',
  }),
};
