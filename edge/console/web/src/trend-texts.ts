import type { Text } from '../../../core/text.ts';

const text = (zh: string, en: string): Text => ({ zh, en });

/** Texts of the page of trends. */
export const trendTexts = {
  trend: text('趋势', 'Trends'),
  span: text('时段', 'Span'),
  wholeRange: text('全量程', 'Whole range'),
  chartHint: text(
    '趋势曲线：左右方向键移动游标，Enter 设标记，Escape 取消',
    'Trend: arrow keys move the cursor, Enter sets a mark, Escape takes it away',
  ),
  addPoint: text('添加测点', 'Add a point'),
  addPointHint: text('按对象、测点名称或点名查找', 'Find by asset, quantity or tag'),
  noSuchPoint: text('没有匹配的测点', 'No point matches'),
  mostPoints: text('最多同时显示 8 个测点', 'At most 8 points at once'),
  nothingDrawn: text('选择要显示的测点', 'Choose the points to draw'),
  removePoint: text('移除', 'Remove'),
  earlier: text('向前', 'Earlier'),
  later: text('向后', 'Later'),
  live: text('实时', 'Live'),
  lastWeek: text('对比上周', 'Compare with last week'),
  aWeekBefore: text('一周前', 'A week before'),
  saveCsv: text('导出 CSV', 'Save as CSV'),
  atCursor: text('游标处', 'At the cursor'),
  atMark: text('标记处', 'At the mark'),
  difference: text('差值', 'Difference'),
  valuesShown: text('数值', 'Values'),
  point: text('测点', 'Point'),
  inThisSpan: text('该时段内', 'In this span'),
  alarmsAndTruth: text('该时段的报警与真值', 'Alarms and truth in this span'),
  until: text('至', 'Until'),
  stillStands: text('仍在', 'Still stands'),
  truth: text('真值', 'Truth'),
  openTruth: text('读入真值文件', 'Read truth from a file'),
  openTruthHint: text(
    '仿真城市用 lifeline sim --truth 写出的文件；只在本浏览器内使用，不传给网关',
    'As lifeline sim --truth writes it for a simulated city; it stays in this browser and is not sent to the gateway',
  ),
  truthRead: text('条真值已读入', 'things that happened were read'),
  noTruth: text('文件中没有真值', 'There is no truth in this file'),
  noMarks: text('该时段无报警', 'No alarms in this span'),
  dragHint: text('拖动鼠标放大一段', 'Drag over a stretch to look closer'),
} as const satisfies Readonly<Record<string, Text>>;
