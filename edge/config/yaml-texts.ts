import type { ErrorCode, YAMLParseError, YAMLWarning } from 'yaml';
import { both, type Text } from '../core/text.ts';

/** What the parser of YAML has against a text, by its code. */
const chinese: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: '别名不能带标签或锚点',
  BAD_ALIAS: '别名指向不存在的锚点或写法不对',
  BAD_COLLECTION_TYPE: '标签与集合类型不符',
  BAD_DIRECTIVE: 'YAML 指令写法不对',
  BAD_DQ_ESCAPE: '双引号文本中有无效的转义',
  BAD_INDENT: '缩进不对',
  BAD_PROP_ORDER: '锚点和标签须写在标记之后',
  BAD_SCALAR_START: '文本不能以此字符开头，请加引号',
  BLOCK_AS_IMPLICIT_KEY: '此处不能写嵌套的映射',
  BLOCK_IN_FLOW: '花括号或方括号内不能写块结构',
  DUPLICATE_KEY: '同一处的键重复',
  IMPOSSIBLE: '无法解析',
  KEY_OVER_1024_CHARS: '键超过 1024 个字符',
  MISSING_CHAR: '缺少字符（冒号、空格、引号或括号）',
  MULTILINE_IMPLICIT_KEY: '键不能跨行',
  MULTIPLE_ANCHORS: '一个值只能有一个锚点',
  MULTIPLE_DOCS: '文件中只能有一个 YAML 文档',
  MULTIPLE_TAGS: '一个值只能有一个标签',
  NON_STRING_KEY: '键须为文本',
  RESOURCE_EXHAUSTION: '嵌套过深或别名过多',
  TAB_AS_INDENT: '缩进不能用制表符',
  TAG_RESOLVE_FAILED: '未知的标签，或值与标签不符',
  UNEXPECTED_TOKEN: '此处不应有这样的内容',
};

export const yamlText = ({ code, message }: YAMLParseError | YAMLWarning): Text => both(message, chinese[code]);
