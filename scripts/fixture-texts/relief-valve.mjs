/** A manual that does not exist elsewhere, so that no model knows its facts by heart. */
export const reliefValve = {
  title: 'RV-12 Relief Valve',
  subtitle: 'Operation and maintenance manual, third edition',
  running: 'RV-12 Relief Valve: operation and maintenance',
  pages: [
    {
      title: 'About this manual',
      blocks: [
        'This manual describes the RV-12 relief valve as it is installed in the cooling loop of the Harrow Lane pumping station. It is written for the people who operate the loop every day and for the two technicians who service it twice a year.',
        'The valve was designed by Ingrid Solheim and built by the Tarn Foundry. The first one went into service on 14 March 2011. Keep this manual in the control room, and write every repair into the log at the end of the shift in which it was made.',
        {
          list: [
            'Read chapter 2 before you touch the adjusting screw.',
            'Read chapter 5 before you send the valve away for repair.',
            'Spare parts are ordered with the numbers in chapter 6.',
          ],
        },
      ],
    },
    {
      title: 'How the valve works',
      blocks: [
        'A spring holds a bronze disc on its seat. When the pressure under the disc exceeds the force of the spring, the disc lifts and water flows back into the header tank. The disc closes again when the pressure has fallen by about seven percent, which keeps the valve from chattering.',
        { heading: 'Set pressure' },
        'The RV-12 opens at 8.4 bar. This set pressure was chosen because the oldest pipe in the loop, the cast-iron riser behind the east wall, is rated for 10 bar. Never raise the set pressure above 8.9 bar, even for a test.',
        { heading: 'Flow' },
        'At full lift the valve passes 310 litres a minute. That is enough for one pump that runs against a closed outlet, but not for two. If both pumps must run, open the bypass first.',
      ],
    },
    {
      title: 'Daily checks',
      blocks: [
        'Walk past the valve once in every shift. Look at the tell-tale pipe under the outlet: a single drop now and then is normal, a thread of water is not. Listen for a hiss, which means that the disc does not sit flat on its seat.',
        'Write the pressure of the loop into the shift log at six in the morning and at six in the evening. A normal reading lies between 5.5 and 6.2 bar. Call the duty engineer, Maurice Okafor, if two readings in a row lie above 7 bar.',
        {
          table: [
            ['Reading', 'Meaning', 'What to do'],
            ['below 5.5 bar', 'leak or low level', 'check the header tank'],
            ['5.5 to 6.2 bar', 'normal', 'write it down'],
            ['above 7.0 bar', 'blocked return', 'call the engineer'],
          ],
        },
      ],
    },
    {
      title: 'Maintenance',
      blocks: [
        'The valve is serviced every six months, in April and in October. Drain the loop to below the level of the valve, lock both pumps, and hang the red tag on the main switch. The work takes two people about ninety minutes.',
        { heading: 'Lapping the seat' },
        'Lap the seat with grade 600 compound until the contact ring is even and about two millimetres wide. Clean the disc with alcohol, never with oil: oil holds grit, and grit cuts the seat. A disc that is thinner than 11 millimetres is replaced.',
        { heading: 'Spring' },
        'Measure the free length of the spring. A new spring is 142 millimetres long. Replace it when it has become shorter than 138 millimetres, or when its coils show rust that does not come off with a brush.',
      ],
    },
    {
      title: 'The failure of 2019',
      blocks: [
        'On 3 November 2019 the loop was damaged in a chain of three faults. The relief valve failed first, at 02:17, when its spring broke at the third coil. Eleven minutes later the circulation pump tripped on overload, and at 02:41 the gasket of the heat exchanger began to leak.',
        'The inquiry found that the spring had not been changed since 2011, although it was 136 millimetres long at the last service. The station was out of service for nine days. Repairs cost 48,000 euros, most of it for the heat exchanger.',
        { heading: 'What was changed' },
        'Since then the length of the spring is written down at every service and signed by both technicians. A second pressure sensor was fitted at the riser, and an alarm sounds in the control room at 7.5 bar.',
      ],
    },
    {
      title: 'Spare parts',
      blocks: [
        'Order spare parts from the Tarn Foundry with the numbers below. Delivery takes about three weeks; the store in the basement must always hold one spring and two gaskets.',
        {
          table: [
            ['Part', 'Number', 'In store'],
            ['Spring, 142 mm', 'TF-2207', '1'],
            ['Disc, bronze', 'TF-2213', '0'],
            ['Gasket, fibre', 'TF-2231', '2'],
            ['Adjusting screw', 'TF-2240', '0'],
          ],
        },
        'A worn valve is never repaired on site. Send it to the foundry in its wooden crate, drained and tagged, and fit the spare valve that hangs in the basement. The foundry returns it within five weeks with a new test certificate.',
      ],
    },
    {
      title: 'Testing',
      blocks: [
        'After every service the valve is tested at the bench. Raise the pressure slowly, at no more than half a bar a minute, and note the reading at which the first steady flow appears. Repeat the test three times; the readings may differ by 0.1 bar at most.',
        'A valve that opens below 8.2 bar or above 8.6 bar has failed the test. The test certificate is kept for fifteen years in the grey cabinet beside the switchboard, and a copy goes to the insurer, Northgate Mutual.',
      ],
    },
  ],
};
