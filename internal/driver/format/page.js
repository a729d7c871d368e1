// The filter: without it the page shows everything.
(function () {
	"use strict";
	const form = document.getElementById("filter");
	if (!form) return;
	form.hidden = false;
	const text = document.getElementById("text");
	const pkg = document.getElementById("package");
	const shown = document.getElementById("shown");
	const none = document.getElementById("nomatch");
	const boxes = Array.from(form.querySelectorAll("input[name=check]"));
	const sections = Array.from(document.querySelectorAll("section.package")).map(function (s) {
		return {
			node: s,
			name: s.dataset.package,
			findings: Array.from(s.querySelectorAll("article.finding")).map(function (a) {
				return { node: a, check: a.dataset.check, text: a.querySelector("summary").textContent.toLowerCase() };
			}),
		};
	});
	const total = sections.reduce(function (n, s) { return n + s.findings.length; }, 0);

	function apply() {
		const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
		const checks = boxes.filter(function (b) { return b.checked; }).map(function (b) { return b.value; });
		let count = 0;
		for (const s of sections) {
			let here = 0;
			for (const f of s.findings) {
				const ok = (!pkg.value || s.name === pkg.value) &&
					(!checks.length || checks.includes(f.check)) &&
					words.every(function (w) { return f.text.includes(w); });
				f.node.hidden = !ok;
				if (ok) here++;
			}
			s.node.hidden = here === 0;
			count += here;
		}
		none.hidden = count > 0;
		shown.textContent = count === total ? "" : count + " of " + total + " shown";
	}

	function fold(open) {
		for (const s of sections) for (const f of s.findings) {
			if (!f.node.hidden) f.node.querySelector("details").open = open;
		}
	}

	// A link to a finding, or to a line of one, unfolds it.
	function reveal() {
		const id = decodeURIComponent(location.hash.slice(1));
		const target = id && document.getElementById(id);
		const article = target && target.closest("article.finding");
		if (!article) return;
		const details = article.querySelector("details");
		if (!details.open) {
			details.open = true;
			target.scrollIntoView();
		}
	}

	function step(by) {
		const list = Array.from(document.querySelectorAll("article.finding:not([hidden]) > details > summary"));
		const at = list.indexOf(document.activeElement && document.activeElement.closest("summary"));
		const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : at + by];
		if (next) {
			next.focus();
			next.scrollIntoView({ block: "nearest" });
		}
	}

	form.addEventListener("submit", function (e) { e.preventDefault(); });
	form.addEventListener("input", apply);
	document.getElementById("unfold").addEventListener("click", function () { fold(true); });
	document.getElementById("fold").addEventListener("click", function () { fold(false); });
	window.addEventListener("hashchange", reveal);
	document.addEventListener("keydown", function (e) {
		if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName)) return;
		if (e.key === "/") { e.preventDefault(); text.focus(); }
		if (e.key === "j") step(1);
		if (e.key === "k") step(-1);
	});
	apply();
	reveal();
})();
