/** Everyday things that pictures show; the user's own list takes their place. */
export const DEFAULT_LABELS: readonly string[] = (
  'person,crowd,child,baby,face,dog,cat,bird,horse,fish,insect,wild animal,flower,tree,forest,mountain,beach,sea,lake,river,' +
  'snow,sunset,night sky,moon,rain,city,street,building,house,church,bridge,room,kitchen,garden,car,bus,train,bicycle,boat,' +
  'aeroplane,food,fruit,vegetable,cake,bread,drink,coffee,book,document,screenshot,computer,phone,clock,toy,ball,' +
  'musical instrument,clothes,shoe,tool,sport,party,map,drawing,heart'
).split(',');
