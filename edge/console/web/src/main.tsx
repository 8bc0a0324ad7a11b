import { render } from 'preact';
import { App } from './app.tsx';
import { startFeed } from './feed.ts';
import { startTraces } from './traces.ts';
import './styles/base.css';
import './styles/shell.css';
import './styles/overview.css';
import './styles/alarms.css';
import './styles/tables.css';
import './styles/trend.css';
import './styles/device.css';
import './styles/detection.css';
import './styles/narrow.css';

const root = document.getElementById('app');
if (root) render(<App />, root);
startFeed();
startTraces();
