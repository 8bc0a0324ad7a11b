import { render } from 'preact';
import { App } from './app.tsx';
import { follow } from './city.ts';
import '../../../../edge/console/web/src/styles/base.css';
import '../../../../edge/console/web/src/styles/shell.css';
import '../../../../edge/console/web/src/styles/overview.css';
import './styles/page.css';
import './styles/map.css';
import './styles/networks.css';
import './styles/side.css';
import './styles/planes.css';

const root = document.getElementById('app');
if (root) render(<App />, root);
void follow();
