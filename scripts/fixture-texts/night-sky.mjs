/** A short guide for the sample library. */
export const nightSky = {
  title: 'A Night Sky Guide',
  subtitle: 'What to see without a telescope, month by month',
  running: 'A Night Sky Guide',
  pages: [
    {
      title: 'Before you go out',
      blocks: [
        'Your eyes need about twenty minutes to get used to the dark, and one look at a bright screen undoes it. Use a dim red lamp, put the phone away, and let the sky come to you. A reclining chair is worth more than binoculars.',
        'Choose a night without a bright moon. The week around new moon is best. Clouds matter less than people think: a gap of ten minutes is enough to find three constellations.',
        { heading: 'What to bring' },
        {
          list: [
            'A red lamp and a blanket.',
            'Something hot to drink.',
            'Binoculars marked 7 × 50 or 10 × 50, if you have them.',
          ],
        },
      ],
    },
    {
      title: 'Winter and spring',
      blocks: [
        'Orion rules the winter sky. Three stars in a row make his belt; follow them down and to the left and you reach Sirius, the brightest star of the night. Below the belt hangs a faint blur, the Orion Nebula, where stars are being born about 1,340 light years from here.',
        'In spring the Plough stands high overhead. Follow the curve of its handle to find orange Arcturus, and go on to reach Spica. The two stars at the other end point to Polaris, which marks north to within one degree.',
      ],
    },
    {
      title: 'Summer and autumn',
      blocks: [
        'Three bright stars make the Summer Triangle: Vega, Deneb and Altair. Between them the Milky Way runs like pale smoke. Deneb looks the faintest of the three, but it is a giant, some 2,600 light years away.',
        'Around 12 August the Perseids send up to a hundred meteors an hour. Lie down after midnight and look at any dark part of the sky. In autumn the square of Pegasus leads to the Andromeda Galaxy, the farthest thing that most people can see with their own eyes: its light is 2.5 million years old.',
      ],
    },
  ],
};
