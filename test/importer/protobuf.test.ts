import t from 'tap'
import { readFileDescriptor } from '../../lib/importer/protobuf/file-descriptor.ts'
import { imported, revision } from './imported.ts'

// What protoc writes for:
//   enum RunStatus { option allow_alias = true; RUNNING = 1; SCHEDULED = 2; PLANNED = 2; LOST = -1; FAR = 1000; }
//   message Job { enum Kind { SMALL = 0; LARGE = 1; } message Step { enum Mode { FAST = 3; } } … } message Empty {}
const serialized = String.raw`b'\n\x0bstate.proto\x12\x03\x61pp\"v\n\x03Job\x12\x1b\n\x04kind\x18\x01 \x01(\x0e\x32\r.app.Job.Kind\x12\x13\n\x04name\x18\x02 \x01(\t:\x05\x63\x61\x66\xc3\xa9\x1a\x18\n\x04Step\"\x10\n\x04Mode\x12\x08\n\x04\x46\x41ST\x10\x03\"\x1c\n\x04Kind\x12\t\n\x05SMALL\x10\x00\x12\t\n\x05LARGE\x10\x01*\x05\x08\x64\x10\xc9\x01\"\x07\n\x05\x45mpty*U\n\tRunStatus\x12\x0b\n\x07RUNNING\x10\x01\x12\r\n\tSCHEDULED\x10\x02\x12\x0b\n\x07PLANNED\x10\x02\x12\x11\n\x04LOST\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x12\x08\n\x03\x46\x41R\x10\xe8\x07\x1a\x02\x10\x01'`

const head = `
from google.protobuf.internal import enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import descriptor_pool as _descriptor_pool
from google.protobuf import message as _message
from google.protobuf import reflection as _reflection
from google.protobuf import symbol_database as _symbol_database
_sym_db = _symbol_database.Default()
`

/** The same enums, as three generations of protoc write them. */
const generated = {
  builder: `
from google.protobuf import descriptor as _descriptor
from google.protobuf import descriptor_pool as _descriptor_pool
from google.protobuf import runtime_version as _runtime_version
from google.protobuf.internal import builder as _builder
_runtime_version.ValidateProtobufRuntimeVersion(_runtime_version.Domain.PUBLIC, 5, 28, 1, '', 'state.proto')
DESCRIPTOR = _descriptor_pool.Default().AddSerializedFile(${serialized})
_globals = globals()
_builder.BuildMessageAndEnumDescriptors(DESCRIPTOR, _globals)
_builder.BuildTopDescriptorsAndMessages(DESCRIPTOR, 'state_pb2', _globals)
if not _descriptor._USE_C_DESCRIPTORS:
  DESCRIPTOR._loaded_options = None
  _globals['_RUNSTATUS']._serialized_options = b'\\020\\001'
  _globals['_JOB_STEP_MODE']._serialized_start=85
`,
  pool: `${head}
DESCRIPTOR = _descriptor_pool.Default().AddSerializedFile(${serialized})
_RUNSTATUS = DESCRIPTOR.enum_types_by_name['RunStatus']
RunStatus = enum_type_wrapper.EnumTypeWrapper(_RUNSTATUS)
RUNNING = 1
FAR = 1000
_JOB = DESCRIPTOR.message_types_by_name['Job']
_JOB_STEP = _JOB.nested_types_by_name['Step']
_JOB_KIND = _JOB.enum_types_by_name['Kind']
Job = _reflection.GeneratedProtocolMessageType('Job', (_message.Message,), {
  'Step' : _reflection.GeneratedProtocolMessageType('Step', (_message.Message,), {'DESCRIPTOR' : _JOB_STEP}),
  'DESCRIPTOR' : _JOB,
  '__module__' : 'state_pb2'
  })
_sym_db.RegisterMessage(Job)
if _descriptor._USE_C_DESCRIPTORS == False:
  DESCRIPTOR._options = None
  _RUNSTATUS._serialized_start=149
`,
  plain: `${head}
import sys
_b=sys.version_info[0]<3 and (lambda x:x) or (lambda x:x.encode('latin1'))
DESCRIPTOR = _descriptor.FileDescriptor(name='state.proto', package='app', syntax='proto2', serialized_pb=_b('\\n'))
_RUNSTATUS = _descriptor.EnumDescriptor(
  name='RunStatus', full_name='app.RunStatus', filename=None, file=DESCRIPTOR,
  values=[
    _descriptor.EnumValueDescriptor(name='RUNNING', index=0, number=1, serialized_options=None, type=None),
    _descriptor.EnumValueDescriptor(name='SCHEDULED', index=1, number=2, serialized_options=None, type=None),
    _descriptor.EnumValueDescriptor(name='PLANNED', index=2, number=2, serialized_options=None, type=None),
    _descriptor.EnumValueDescriptor(name='LOST', index=3, number=-1, serialized_options=None, type=None),
    _descriptor.EnumValueDescriptor(name='FAR', index=4, number=1000, serialized_options=None, type=None),
  ],
  containing_type=None, serialized_options=None, serialized_start=149, serialized_end=234)
_sym_db.RegisterEnumDescriptor(_RUNSTATUS)
RunStatus = enum_type_wrapper.EnumTypeWrapper(_RUNSTATUS)
FAR = 1000
_JOB_KIND = _descriptor.EnumDescriptor(name='Kind', full_name='app.Job.Kind', values=[
    _descriptor.EnumValueDescriptor(name='SMALL', index=0, number=0),
    _descriptor.EnumValueDescriptor(name='LARGE', index=1, number=1)])
_JOB_STEP_MODE = _descriptor.EnumDescriptor(name='Mode', full_name='app.Job.Step.Mode', values=[
    _descriptor.EnumValueDescriptor(name='FAST', index=0, number=3)])
_JOB_STEP = _descriptor.Descriptor(name='Step', full_name='app.Job.Step', fields=[], enum_types=[_JOB_STEP_MODE])
_JOB = _descriptor.Descriptor(name='Job', full_name='app.Job', nested_types=[_JOB_STEP, ], enum_types=[_JOB_KIND])
Job = _reflection.GeneratedProtocolMessageType('Job', (_message.Message,), dict(DESCRIPTOR = _JOB))
`,
}

/** What the expression is, by way of the SQL in which it ends. */
function worth(expression: string, module: string): string {
  const source = revision(`op.execute("INSERT INTO log VALUES ('%s')" % (${expression},))`).replace(
    'import sqlalchemy as sa',
    'import sqlalchemy as sa\nfrom state_pb2 import RunStatus, Job, FAR\nimport state_pb2',
  )
  const { statements, todos } = imported(source, { dialect: 'postgres' }, { 'app/state_pb2.py': module })
  return [...statements, ...todos.map((todo) => `todo: ${todo}`)]
    .join('\n')
    .replace(/^INSERT INTO log VALUES \('(.*)'\)$/, '$1')
}

const asked: readonly (readonly [expression: string, value: string])[] = [
  ["RunStatus.Value('SCHEDULED')", '2'],
  ['RunStatus.Value(name="FAR")', '1000'],
  ['RunStatus.Name(2)', 'SCHEDULED'],
  ['RunStatus.PLANNED + RunStatus.LOST', '1'],
  ["','.join(RunStatus.keys())", 'RUNNING,SCHEDULED,PLANNED,LOST,FAR'],
  ['RunStatus.values()', '[1, 2, 2, -1, 1000]'],
  ["' '.join(f'{k}={v}' for k, v in RunStatus.items())", 'RUNNING=1 SCHEDULED=2 PLANNED=2 LOST=-1 FAR=1000'],
  ['[v.name for v in RunStatus.DESCRIPTOR.values if v.number > 2][0]', 'FAR'],
  ["RunStatus.DESCRIPTOR.values_by_name['LOST'].number", '-1'],
  ['FAR', '1000'],
  ['Job.Kind.keys()[1] + str(Job.LARGE)', 'LARGE1'],
  ['Job.Step.Mode.Name(Job.Step.FAST)', 'FAST'],
  ["getattr(RunStatus, 'LOST')", '-1'],
]

for (const [generation, module] of Object.entries(generated)) {
  t.test(`enums of protobuf have their names and numbers (${generation})`, async (t) => {
    for (const [expression, value] of asked) t.equal(worth(expression, module), value, expression)
  })
}

t.test('a name or number that an enum of protobuf lacks is an error of the script', async (t) => {
  const { builder } = generated
  t.match(worth("RunStatus.Value('GONE')", builder), /ValueError/)
  t.match(worth('RunStatus.Name(7)', builder), /ValueError/)
})

t.test('what else there is of protobuf stays unknown', async (t) => {
  const { builder, pool } = generated
  for (const module of [builder, pool]) {
    t.match(worth('RunStatus.GONE', module), /^todo: .*not known/)
    t.match(worth('Job().kind', module), /^todo: .*not known/)
    t.match(worth('RunStatus.DESCRIPTOR.values_by_number[2].name', module), /^todo: .*not known/)
  }
  const damaged = pool.replace(String.raw`\x10\x01'`, "'")
  t.not(damaged, pool)
  t.match(worth('RunStatus.RUNNING', damaged), /^todo: .*not known/)
  const elsewhere = builder.replaceAll('_globals)', '{})')
  t.match(worth('state_pb2.RunStatus.RUNNING', elsewhere), /RunStatus/)
})

t.test('a serialized file is read to its end or not at all', async (t) => {
  const whole = '\x0a\x01a\x2a\x0b\x0a\x01E\x12\x06\x0a\x01A\x10\x80\x01'
  t.same(readFileDescriptor(whole), {
    name: 'a',
    package: '',
    enums: [{ name: 'E', values: [{ name: 'A', number: 128n }] }],
    messages: [],
  })
  for (let end = 1; end < whole.length; end++)
    if (end !== 3) t.equal(readFileDescriptor(whole.slice(0, end)), undefined)
  t.equal(readFileDescriptor('\x0b\x0c'), undefined, 'a group')
  t.equal(readFileDescriptor('\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f'), undefined, 'a length beyond the end')
  t.match(readFileDescriptor('\x0a\x01a\x0d1234\x0912345678'), { name: 'a', enums: [] }, 'fixed fields are skipped')
})
