package analyzers_test

import (
	"fmt"
	"go/parser"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	gopackages "golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/internal/syntax"
)

// The five reference programs are in testdata/src/source. A mutation makes one
// of the mistakes that the checks are for.
type mutation struct {
	name  string
	edits []edit
	check string

	// at is a text of the mutated program that occurs once. The finding
	// belongs to the line where it begins, or where its part behind § does.
	at string

	// also names checks that report something else about the same mistake,
	// anywhere.
	also string

	// flags turns on what is off by default, as in "gospawn.inside".
	flags string
}

// An edit replaces a text that occurs exactly once. Where a program has it
// several times, the text goes on until it is unique.
type edit struct{ old, new string }

// closer is the goroutine that closes the results of the worker pool.
const closer = `	go func() {
		wg.Wait()
		close(results)
	}()
`

// collect is the loop that prints the results of the worker pool.
const collect = `	for result := range results {
		fmt.Printf("   %s\n", result.Output)
	}
`

// addAndGo starts the workers of the worker pool.
const addAndGo = `		wg.Add(1)
		go worker(w, jobs, results, &wg)
`

// feed sends the jobs to the worker pool.
const feed = `	for j := 1; j <= numJobs; j++ {
		jobs <- Job{ID: j, Data: fmt.Sprintf("Job-%d", j)}
	}
	close(jobs)
`

var workerPool = []mutation{
	{
		name:  "results not closed",
		edits: []edit{{"wg.Wait()\n\t\tclose(results)\n", "wg.Wait()\n"}},
		check: "chanclose", at: "for result := range results",
	},
	{
		name:  "closer removed",
		edits: []edit{{closer, ""}},
		check: "chanclose", at: "for result := range results",
	},
	{
		name:  "jobs not closed",
		edits: []edit{{"\tclose(jobs)\n", ""}},
		check: "chanclose", at: "for job := range jobs",
	},
	{
		name: "another channel closed",
		edits: []edit{
			{"results := make(chan Result, numJobs)\n", "results := make(chan Result, numJobs)\n\tdone := make(chan struct{})\n"},
			{"close(results)", "close(done)"},
		},
		check: "chanclose", at: "for result := range results",
	},
	{
		name:  "jobs closed in place of results",
		edits: []edit{{"\tclose(jobs)\n", ""}, {"close(results)", "close(jobs)"}},
		check: "chanclose", at: "for result := range results",
	},
	{
		name:  "close before Wait",
		edits: []edit{{"wg.Wait()\n\t\tclose(results)\n", "close(results)\n\t\twg.Wait()\n"}},
		check: "chanclose", at: "close(results)",
	},
	{
		name:  "closer does not wait",
		edits: []edit{{"wg.Wait()\n\t\tclose(results)\n", "close(results)\n"}},
		check: "chanclose", at: "close(results)",
	},
	{
		name: "close in the worker's loop",
		edits: []edit{
			{"wg.Wait()\n\t\tclose(results)\n", "wg.Wait()\n"},
			{"id, job.Data),\n\t\t}\n", "id, job.Data),\n\t\t}\n\t\tclose(results)\n"},
		},
		check: "chanclose", at: "close(results)",
	},
	{
		name: "each worker closes",
		edits: []edit{
			{"wg.Wait()\n\t\tclose(results)\n", "wg.Wait()\n"},
			{"defer wg.Done()\n", "defer wg.Done()\n\tdefer close(results)\n"},
		},
		check: "chanclose", at: "defer close(results)",
	},
	{
		name:  "main waits before it receives",
		edits: []edit{{"make(chan Result, numJobs)", "make(chan Result)"}, {closer, "\twg.Wait()\n\tclose(results)\n"}},
		check: "chanclose", at: "wg.Wait()",
	},
	{
		name:  "closer started after the range",
		edits: []edit{{closer, ""}, {collect, collect + closer}},
		check: "chanclose", at: "for result := range results",
	},
	{
		name:  "results closed after the range",
		edits: []edit{{closer, ""}, {collect, collect + "\twg.Wait()\n\tclose(results)\n"}},
		check: "chanclose", at: "for result := range results",
	},
	{
		name: "results closed when main returns",
		edits: []edit{
			{closer, ""},
			{"results := make(chan Result, numJobs)\n", "results := make(chan Result, numJobs)\n\tdefer close(results)\n"},
		},
		check: "chanclose", at: "for result := range results",
	},
	{
		name:  "main closes without Wait",
		edits: []edit{{closer, "\tclose(results)\n"}},
		check: "chanclose", at: "close(results)",
	},
	{
		name:  "close only if there are results",
		edits: []edit{{"wg.Wait()\n\t\tclose(results)", "wg.Wait()\n\t\tif len(results) > 0 {\n\t\t\tclose(results)\n\t\t}"}},
		check: "chanclose", at: "for result := range results",
	},
	{
		name:  "closer returns above the close",
		edits: []edit{{"wg.Wait()\n\t\tclose(results)", "wg.Wait()\n\t\tif len(jobs) > 0 {\n\t\t\treturn\n\t\t}\n\t\tclose(results)"}},
		check: "chanclose", at: "for result := range results",
	},
	{
		name:  "jobs closed before they are sent",
		edits: []edit{{feed, strings.Replace(strings.TrimSuffix(feed, "\tclose(jobs)\n"), "\tfor j", "\tclose(jobs)\n\tfor j", 1)}},
		check: "chanclose", at: "jobs <- Job{",
	},
	{
		name:  "jobs closed with each job",
		edits: []edit{{feed, strings.Replace(feed, "\t}\n\tclose(jobs)\n", "\t\tclose(jobs)\n\t}\n", 1)}},
		check: "chanclose", at: "jobs <- Job{",
	},
	{
		name:  "jobs closed twice",
		edits: []edit{{"wg.Wait()\n", "wg.Wait()\n\t\tclose(jobs)\n"}},
		check: "chanclose", at: "wg.Wait()\n\t\t§close(jobs)",
	},
	{
		name: "feeder returns above the close",
		edits: []edit{{feed, `	go func() {
		for j := 1; j <= numJobs; j++ {
			data, err := os.ReadFile(fmt.Sprintf("Job-%d", j))
			if err != nil {
				return
			}
			jobs <- Job{ID: j, Data: string(data)}
		}
		close(jobs)
	}()
`}, {"\t\"fmt\"\n", "\t\"fmt\"\n\t\"os\"\n"}},
		check: "chanclose", at: "for job := range jobs",
	},
	{
		name: "feeder forgets the close",
		edits: []edit{{feed, `	go func() {
		for j := 1; j <= numJobs; j++ {
			jobs <- Job{ID: j}
		}
	}()
`}},
		check: "chanclose", at: "for job := range jobs",
	},
	{
		name:  "Add first in the worker",
		edits: []edit{{"\t\twg.Add(1)\n", ""}, {"\tdefer wg.Done()\n", "\twg.Add(1)\n\tdefer wg.Done()\n"}},
		check: "wgadd", at: "wg.Add(1)", also: "chanclose",
	},
	{
		name:  "Add later in the worker",
		edits: []edit{{"\t\twg.Add(1)\n", ""}, {"\tdefer wg.Done()\n", "\tfmt.Println(\"worker\", id)\n\twg.Add(1)\n\tdefer wg.Done()\n"}},
		check: "wgadd", at: "wg.Add(1)", also: "chanclose",
	},
	{
		// With the jobs sent and closed below the loop, no worker could be
		// done before the Add.
		name: "Add after the go statement",
		edits: []edit{
			{feed, ""},
			{"\t// Start workers\n", feed + "\n\t// Start workers\n"},
			{addAndGo, "\t\tgo worker(w, jobs, results, &wg)\n\t\twg.Add(1)\n"},
		},
		check: "wgadd", at: "wg.Add(1)", also: "chanclose",
	},
	{
		name:  "Add in a literal around the worker",
		edits: []edit{{addAndGo, "\t\tgo func() {\n\t\t\twg.Add(1)\n\t\t\tworker(w, jobs, results, &wg)\n\t\t}()\n"}},
		check: "wgadd", at: "wg.Add(1)", also: "chanclose",
	},
	{
		name: "Add in a helper of the worker",
		edits: []edit{
			{"\t\twg.Add(1)\n", ""},
			{"func worker(", "func enter(wg *sync.WaitGroup) {\n\twg.Add(1)\n}\n\nfunc worker("},
			{"\tdefer wg.Done()\n", "\tenter(wg)\n\tdefer wg.Done()\n"},
		},
		check: "wgadd", at: "wg.Add(1)", also: "chanclose",
	},
	{
		name: "Add for all workers after the closer's start",
		edits: []edit{
			{"\t\twg.Add(1)\n", ""},
			{closer, closer + "\twg.Add(numWorkers)\n"},
		},
		check: "wgadd", at: "wg.Add(numWorkers)", also: "chanclose",
	},
	{
		name: "a worker per line of input",
		edits: []edit{
			{"for w := 1; w <= numWorkers; w++ {\n", "sc := bufio.NewScanner(os.Stdin)\n\tfor w := numWorkers; sc.Scan(); w++ {\n"},
			{"\t\"fmt\"\n", "\t\"bufio\"\n\t\"fmt\"\n\t\"os\"\n"},
		},
		check: "gospawn", at: "go worker(",
	},
	{
		name: "a goroutine per job of a request",
		edits: []edit{
			{"func main() {\n", `func handle(w http.ResponseWriter, r *http.Request) {
	var jobs []Job
	if err := json.NewDecoder(r.Body).Decode(&jobs); err == nil {
		run(jobs)
	}
}

func run(jobs []Job) {
	results := make(chan Result)
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			results <- Result{JobID: job.ID}
		}()
	}
	go func() {
		wg.Wait()
		close(results)
	}()
	for r := range results {
		fmt.Println(r)
	}
}

func main() {
	http.HandleFunc("/jobs", handle)
`},
			{"\t\"fmt\"\n", "\t\"encoding/json\"\n\t\"fmt\"\n\t\"net/http\"\n"},
		},
		check: "gospawn", at: "for _, job := range jobs {\n\t\twg.Add(1)\n\t\t§go func()",
	},
}

// The stages of the other programs close their channels named out, each in the
// same way. These are the loops in front of the close.
const (
	sendNums    = "\t\tfor _, n := range nums {\n\t\t\tout <- n\n\t\t}\n"
	sendSquares = "\t\t\tout <- n * n\n\t\t}\n"
	sendEven    = "\t\t\tif n%2 == 0 {\n\t\t\t\tout <- n\n\t\t\t}\n\t\t}\n"
	sendDouble  = "\t\t\tout <- n * 2\n\t\t}\n"
	sendText    = "\t\t\tout <- fmt.Sprintf(\"Value: %d\", n)\n\t\t}\n"
	closeOut    = "\t\tclose(out)\n"
	waitOut     = "\t\twg.Wait()\n"
	forward     = "\t\tgo func(c <-chan int) {\n\t\t\tdefer wg.Done()\n\t\t\tfor n := range c {\n\t\t\t\tout <- n\n\t\t\t}\n\t\t}(ch)\n"
	mergeCloser = "\tgo func() {\n" + waitOut + closeOut + "\t}()\n"
)

var fanOutFanIn = []mutation{
	{
		name:  "source does not close",
		edits: []edit{{sendNums + closeOut, sendNums}},
		check: "chanclose", at: "for n := range in",
	},
	{
		name:  "square does not close",
		edits: []edit{{sendSquares + closeOut, sendSquares}},
		check: "chanclose", at: "for n := range c {",
	},
	{
		name:  "fanIn does not close",
		edits: []edit{{waitOut + closeOut, waitOut}},
		check: "chanclose", at: "for n := range merged",
	},
	{
		name:  "fanIn has no closer",
		edits: []edit{{mergeCloser, ""}},
		check: "chanclose", at: "for n := range merged", also: "wgwait",
	},
	{
		name:  "fanIn closes first and waits then",
		edits: []edit{{waitOut + closeOut, closeOut + waitOut}},
		check: "chanclose", at: "§close(out)\n\t\twg.Wait()",
	},
	{
		name:  "fanIn does not wait",
		edits: []edit{{mergeCloser, "\tclose(out)\n"}},
		check: "chanclose", at: "\n\n\t// Close output when all inputs are done\n\t§close(out)", also: "wgwait",
	},
	{
		name:  "fanIn waits before it returns",
		edits: []edit{{mergeCloser, "\twg.Wait()\n\tclose(out)\n"}},
		check: "chanclose", at: "wg.Wait()",
	},
	{
		name: "each forwarder closes",
		edits: []edit{
			{waitOut + closeOut, waitOut},
			{"\t\t\tdefer wg.Done()\n", "\t\t\tdefer wg.Done()\n\t\t\tdefer close(out)\n"},
		},
		check: "chanclose", at: "defer close(out)",
	},
	{
		name: "first input is not counted",
		edits: []edit{
			{"range channels {", "range channels[1:] {"},
			{"\t// Close output", "\tfirst := channels[0]\n\tgo func() {\n\t\tfor n := range first {\n\t\t\tout <- n\n\t\t}\n\t}()\n\n\t// Close output"},
		},
		check: "chanclose", at: "wg.Wait()\n\t\t§close(out)",
	},
	{
		name:  "forwarder done before it forwards",
		edits: []edit{{"defer wg.Done()", "wg.Done()"}},
		check: "chanclose", at: "wg.Wait()\n\t\t§close(out)",
	},
	{
		name:  "square returns above the close",
		edits: []edit{{"\t\t\tout <- n * n\n", "\t\t\tif n > 6 {\n\t\t\t\treturn\n\t\t\t}\n\t\t\tout <- n * n\n"}},
		check: "chanclose", at: "for n := range c {",
	},
	{
		name:  "square closes with each number",
		edits: []edit{{sendSquares + closeOut, "\t\t\tout <- n * n\n\t\t\tclose(out)\n\t\t}\n"}},
		check: "chanclose", at: "out <- n * n",
	},
	{
		name:  "source closes before it sends",
		edits: []edit{{sendNums + closeOut, closeOut + sendNums}},
		check: "chanclose", at: "range nums {\n\t\t\t§out <- n",
	},
	{
		name:  "source closes outside its goroutine",
		edits: []edit{{sendNums + closeOut + "\t}()\n", sendNums + "\t}()\n\tclose(out)\n"}},
		check: "chanclose", at: "\n\t}()\n\t§close(out)",
	},
	{
		name:  "Add first in the forwarder",
		edits: []edit{{"\t\twg.Add(1)\n", ""}, {"\t\t\tdefer wg.Done()\n", "\t\t\twg.Add(1)\n\t\t\tdefer wg.Done()\n"}},
		check: "wgadd", at: "wg.Add(1)", also: "chanclose",
	},
	{
		name:  "Add with the first number",
		edits: []edit{{"\t\twg.Add(1)\n", ""}, {"\t\t\tdefer wg.Done()\n", "\t\t\tn, ok := <-c\n\t\t\tif !ok {\n\t\t\t\treturn\n\t\t\t}\n\t\t\twg.Add(1)\n\t\t\tdefer wg.Done()\n\t\t\tout <- n\n"}},
		check: "wgadd", at: "wg.Add(1)", also: "chanclose",
	},
	{
		name:  "Add after the forwarder's start",
		edits: []edit{{"\t\twg.Add(1)\n" + forward, forward + "\t\twg.Add(1)\n"}},
		check: "wgadd", at: "wg.Add(1)", also: "chanclose",
	},
	{
		name: "Add in a closure that the forwarder calls",
		edits: []edit{
			{"\t\twg.Add(1)\n", ""},
			{"\tvar wg sync.WaitGroup\n", "\tvar wg sync.WaitGroup\n\tenter := func() { wg.Add(1) }\n"},
			{"\t\t\tdefer wg.Done()\n", "\t\t\tenter()\n\t\t\tdefer wg.Done()\n"},
		},
		check: "wgadd", at: "wg.Add(1)", also: "chanclose",
	},
	{
		name: "a goroutine per number",
		edits: []edit{
			{"func square(in", "// Square sends the squares of the numbers it receives.\nfunc Square(in"},
			{"\t\tfor n := range in {\n\t\t\ttime.Sleep(50 * time.Millisecond) // Simulate work\n" + sendSquares, `		var wg sync.WaitGroup
		for n := range in {
			wg.Add(1)
			go func() {
				defer wg.Done()
				time.Sleep(50 * time.Millisecond) // Simulate work
				out <- n * n
			}()
		}
		wg.Wait()
`},
			{"c1 := square", "c1 := Square"}, {"c2 := square", "c2 := Square"}, {"c3 := square", "c3 := Square"},
			{"nums := source(1, 2, 3, 4, 5, 6, 7, 8)", "nums := lines(os.Stdin)"},
			{"func source(", "func lines(r io.Reader) <-chan int {\n\tout := make(chan int)\n\tgo func() {\n\t\tdefer close(out)\n\t\tsc := bufio.NewScanner(r)\n\t\tfor sc.Scan() {\n\t\t\tout <- len(sc.Text())\n\t\t}\n\t}()\n\treturn out\n}\n\nfunc source("},
			{"\t\"fmt\"\n", "\t\"bufio\"\n\t\"fmt\"\n\t\"io\"\n\t\"os\"\n"},
		},
		check: "gospawn", at: "wg.Add(1)\n\t\t\t§go func()",
	},
}

var pipeline = []mutation{
	{
		name:  "generate does not close",
		edits: []edit{{sendNums + closeOut, sendNums}},
		check: "chanclose", at: "for n := range in {\n\t\t\tif n%2 == 0",
	},
	{
		name:  "filterEven does not close",
		edits: []edit{{sendEven + closeOut, sendEven}},
		check: "chanclose", at: "for n := range in {\n\t\t\tout <- n * 2",
	},
	{
		name:  "double does not close",
		edits: []edit{{sendDouble + closeOut, sendDouble}},
		check: "chanclose", at: "for n := range in {\n\t\t\tout <- fmt.Sprintf",
	},
	{
		name:  "format does not close",
		edits: []edit{{sendText + closeOut, sendText}},
		check: "chanclose", at: "for s := range formatted",
	},
	{
		name:  "filterEven returns above the close",
		edits: []edit{{"\t\t\tif n%2 == 0 {\n", "\t\t\tif n > 8 {\n\t\t\t\treturn\n\t\t\t}\n\t\t\tif n%2 == 0 {\n"}},
		check: "chanclose", at: "for n := range in {\n\t\t\tout <- n * 2",
	},
	{
		name:  "filterEven closes at the first odd number",
		edits: []edit{{sendEven, "\t\t\tif n%2 != 0 {\n\t\t\t\tclose(out)\n\t\t\t\tcontinue\n\t\t\t}\n\t\t\tout <- n\n\t\t}\n"}},
		check: "chanclose", at: "close(out)\n\t\t\t\tcontinue\n\t\t\t}\n\t\t\tout <- n\n\t\t}\n\t\t§close(out)",
	},
	{
		name:  "double closes with each number",
		edits: []edit{{sendDouble + closeOut, "\t\t\tout <- n * 2\n\t\t\tclose(out)\n\t\t}\n"}},
		check: "chanclose", at: "out <- n * 2",
	},
	{
		name:  "double closes in its loop when it returns",
		edits: []edit{{"\t\t\tout <- n * 2\n", "\t\t\tout <- n * 2\n\t\t\tdefer close(out)\n"}},
		check: "chanclose", at: "defer close(out)",
	},
	{
		name:  "format closes before it sends",
		edits: []edit{{"\t\tfor n := range in {\n" + sendText + closeOut, closeOut + "\t\tfor n := range in {\n" + sendText}},
		check: "chanclose", at: "out <- fmt.Sprintf(",
	},
	{
		name:  "double closes outside its goroutine",
		edits: []edit{{sendDouble + closeOut + "\t}()\n", sendDouble + "\t}()\n\tclose(out)\n"}},
		check: "chanclose", at: "\n\t}()\n\t§close(out)",
	},
	{
		name: "double has two senders that both close",
		edits: []edit{{"\tgo func() {\n\t\tfor n := range in {\n" + sendDouble + closeOut + "\t}()\n",
			"\tfor range 2 {\n\t\tgo func() {\n\t\t\tfor n := range in {\n\t\t\t\tout <- n * 2\n\t\t\t}\n\t\t\tclose(out)\n\t\t}()\n\t}\n"}},
		check: "chanclose", at: "out <- n * 2\n\t\t\t}\n\t\t\t§close(out)",
	},
}

// start begins the goroutines of the semaphore program.
const start = "\t\twg.Add(1)\n\t\tgo func(id int) {\n\t\t\tdefer wg.Done()\n"

// take is where they take and give back their token.
const take = "\t\t\tsem.Acquire()\n\t\t\tdefer sem.Release()\n\n"

// eachLine makes the semaphore program start a goroutine per line of input.
var eachLine = []edit{
	{"for i := 1; i <= 10; i++ {\n", "sc := bufio.NewScanner(os.Stdin)\n\tfor i := 1; sc.Scan(); i++ {\n"},
	{"\t\"fmt\"\n", "\t\"bufio\"\n\t\"fmt\"\n\t\"os\"\n"},
}

var semaphore = []mutation{
	{
		name:  "Add first in the goroutine",
		edits: []edit{{start, "\t\tgo func(id int) {\n\t\t\twg.Add(1)\n\t\t\tdefer wg.Done()\n"}},
		check: "wgadd", at: "wg.Add(1)",
	},
	{
		name: "Add after Acquire",
		edits: []edit{
			{start, "\t\tgo func(id int) {\n"},
			{take, take + "\t\t\twg.Add(1)\n\t\t\tdefer wg.Done()\n\n"},
		},
		check: "wgadd", at: "wg.Add(1)",
	},
	{
		name:  "Add after the go statement",
		edits: []edit{{start, "\t\tgo func(id int) {\n\t\t\tdefer wg.Done()\n"}, {"\t\t}(i)\n", "\t\t}(i)\n\t\twg.Add(1)\n"}},
		check: "wgadd", at: "wg.Add(1)",
	},
	{
		name: "Add in a method of the semaphore",
		edits: []edit{
			{"func main() {", "func (s Semaphore) enter(wg *sync.WaitGroup) {\n\twg.Add(1)\n\ts.Acquire()\n}\n\nfunc main() {"},
			{start, "\t\tgo func(id int) {\n\t\t\tsem.enter(&wg)\n\t\t\tdefer wg.Done()\n"},
			{take, "\t\t\tdefer sem.Release()\n\n"},
		},
		check: "wgadd", at: "wg.Add(1)",
	},
	{
		name:  "a goroutine per line, no semaphore",
		edits: append([]edit{{take, ""}, {"sem := NewSemaphore(3)\n\t", ""}}, eachLine...),
		check: "gospawn", at: "go func(id int)",
	},
	{
		name:  "a goroutine per line, semaphore only inside",
		edits: eachLine,
		check: "gospawn", at: "go func(id int)", flags: "gospawn.inside",
	},
}

const withContext = "g, ctx := errgroup.WithContext(ctx)\n"

// askContext makes Task 1 use gctx, so that the name is used.
var askContext = edit{"fmt.Println(\"   Task 1: Done\")\n\t\treturn nil\n", "fmt.Println(\"   Task 1: Done\")\n\t\treturn gctx.Err()\n"}

// afterWait goes on after the group's Wait.
func afterWait(code string) edit {
	const end = "\tif err := g.Wait(); err != nil {\n\t\tfmt.Printf(\"\\n   Error: %v\\n\", err)\n\t}\n"
	return edit{end, end + code}
}

// addFunc declares a function before main.
func addFunc(code string) edit { return edit{"func main() {", code + "\n\nfunc main() {"} }

const saveFunc = `func save(ctx context.Context, name string) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Millisecond):
		fmt.Println("saved", name)
		return nil
	}
}`

var errgroupPattern = []mutation{
	{
		name:  "derived context discarded",
		edits: []edit{{withContext, "g, _ := errgroup.WithContext(ctx)\n"}},
		check: "errgroupctx", at: "g, _ := errgroup",
	},
	{
		name:  "task watches the parent context",
		edits: []edit{{withContext, "g, gctx := errgroup.WithContext(ctx)\n"}, askContext},
		check: "errgroupctx", at: "case <-ctx.Done()",
	},
	{
		name: "task calls with the parent context",
		edits: []edit{
			{withContext, "g, gctx := errgroup.WithContext(ctx)\n"}, askContext, addFunc(saveFunc),
			{"\t\tselect {\n\t\tcase <-ctx.Done():\n", "\t\tif err := save(ctx, \"task 3\"); err != nil {\n\t\t\treturn err\n\t\t}\n\t\tselect {\n\t\tcase <-gctx.Done():\n"},
			{"fmt.Println(\"   Task 3: Cancelled!\")\n\t\t\treturn ctx.Err()", "fmt.Println(\"   Task 3: Cancelled!\")\n\t\t\treturn gctx.Err()"},
		},
		check: "errgroupctx", at: "save(ctx, \"task 3\")",
	},
	{
		name:  "task calls with the background context",
		edits: []edit{addFunc(saveFunc), {"fmt.Println(\"   Task 1: Done\")\n\t\treturn nil", "fmt.Println(\"   Task 1: Done\")\n\t\treturn save(context.Background(), \"task 1\")"}},
		check: "errgroupctx", at: "save(context.Background()",
	},
	{
		name: "context derived from the parent in the task",
		edits: []edit{
			{withContext, "g, gctx := errgroup.WithContext(ctx)\n"}, askContext,
			{"\t\tselect {\n", "\t\ttctx, cancel := context.WithTimeout(ctx, time.Second)\n\t\tdefer cancel()\n\t\tselect {\n"},
			{"case <-ctx.Done()", "case <-tctx.Done()"},
			{"return ctx.Err()", "return tctx.Err()"},
		},
		check: "errgroupctx", at: "context.WithTimeout(ctx, time.Second)",
	},
	{
		name:  "derived context used after Wait",
		edits: []edit{addFunc(saveFunc), afterWait("\tif err := save(ctx, \"all\"); err != nil {\n\t\tfmt.Println(err)\n\t}\n")},
		check: "errgroupctx", at: "save(ctx, \"all\")",
	},
	{
		name:  "context derived from it after Wait",
		edits: []edit{addFunc(saveFunc), afterWait("\ttctx, cancel := context.WithTimeout(ctx, time.Second)\n\tdefer cancel()\n\tif err := save(tctx, \"all\"); err != nil {\n\t\tfmt.Println(err)\n\t}\n")},
		check: "errgroupctx", at: "context.WithTimeout(ctx, time.Second)",
	},
	{
		name:  "second group made of the first one's context",
		edits: []edit{addFunc(saveFunc), afterWait("\tg2, ctx2 := errgroup.WithContext(ctx)\n\tg2.Go(func() error { return save(ctx2, \"second\") })\n\tif err := g2.Wait(); err != nil {\n\t\tfmt.Println(err)\n\t}\n")},
		check: "errgroupctx", at: "g2, ctx2 := ",
	},
	{
		name: "discarded, the parent goes to a named task",
		edits: []edit{
			{withContext, "g, _ := errgroup.WithContext(ctx)\n"}, addFunc(saveFunc),
			{"\t\tfmt.Println(\"   Task 3: Starting...\")\n\t\tselect {\n\t\tcase <-ctx.Done():\n\t\t\tfmt.Println(\"   Task 3: Cancelled!\")\n\t\t\treturn ctx.Err()\n\t\tcase <-time.After(200 * time.Millisecond):\n\t\t\tfmt.Println(\"   Task 3: Done\")\n\t\t\treturn nil\n\t\t}\n", "\t\treturn save(ctx, \"task 3\")\n"},
		},
		check: "errgroupctx", at: "g, _ := errgroup",
	},
	{
		name:  "Wait's error dropped",
		edits: []edit{{"\tif err := g.Wait(); err != nil {\n\t\tfmt.Printf(\"\\n   Error: %v\\n\", err)\n\t}\n", "\tg.Wait()\n"}},
		check: "errgroupwait", at: "g.Wait()",
	},
	{
		name:  "no Wait",
		edits: []edit{{"\tif err := g.Wait(); err != nil {\n\t\tfmt.Printf(\"\\n   Error: %v\\n\", err)\n\t}\n", "\tfmt.Println(\"done\")\n"}},
		check: "errgroupwait", at: "Task 3: Checks context\n\t§g.Go(",
	},
	{
		name:  "limit after the tasks",
		edits: []edit{{"\t// Wait for all", "\tg.SetLimit(2)\n\n\t// Wait for all"}},
		check: "errgroupwait", at: "g.SetLimit(2)",
	},
	{
		name:  "limit of zero",
		edits: []edit{{"\t// Task 1: Success", "\tg.SetLimit(0)\n\n\t// Task 1: Success"}},
		check: "errgroupwait", at: "g.SetLimit(0)",
	},
	{
		name: "tasks count without a lock",
		edits: []edit{
			{"\t// Task 1: Success", "\tdone := 0\n\n\t// Task 1: Success"},
			{"fmt.Println(\"   Task 1: Done\")\n", "done++\n"},
			{"fmt.Println(\"   Task 2: Error!\")\n", "done++\n"},
			{"\tif err := g.Wait(); err != nil {\n", "\tif err := g.Wait(); err != nil || done == 0 {\n"},
		},
		check: "errgroupwait", at: "50 * time.Millisecond)\n\t\t§done++",
	},
	{
		name: "a task per line of input",
		edits: []edit{
			{"\t// Task 2: Fails\n", "\tsc := bufio.NewScanner(os.Stdin)\n\tfor sc.Scan() {\n\t\tname := sc.Text()\n\t\tg.Go(func() error { return save(ctx, name) })\n\t}\n\n\t// Task 2: Fails\n"},
			addFunc(saveFunc),
			{"\t\"context\"\n", "\t\"bufio\"\n\t\"context\"\n"}, {"\t\"fmt\"\n", "\t\"fmt\"\n\t\"os\"\n"},
		},
		check: "gospawn", at: "g.Go(func() error { return save(ctx, name) })",
	},
	{
		name: "a task per name in a request",
		edits: []edit{
			addFunc(saveFunc),
			{"func main() {\n", `func handle(w http.ResponseWriter, r *http.Request) {
	if err := saveAll(r.Context(), r.URL.Query()["name"]); err != nil {
		fmt.Println(err)
	}
}

func saveAll(ctx context.Context, names []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, name := range names {
		g.Go(func() error { return save(gctx, name) })
	}
	return g.Wait()
}

func main() {
	http.HandleFunc("/save", handle)
`},
			{"\t\"fmt\"\n", "\t\"fmt\"\n\t\"net/http\"\n"},
		},
		check: "gospawn", at: "g.Go(func() error { return save(gctx, name) })",
	},
}

// TestPatterns: the five programs are silent, and broken in any of the ways
// above each is found, at the line that is to blame.
func TestPatterns(t *testing.T) {
	l := newLoader(t)
	for _, program := range []struct {
		name      string
		mutations []mutation
	}{
		{"worker_pool", workerPool},
		{"fan_out_fan_in", fanOutFanIn},
		{"pipeline", pipeline},
		{"semaphore", semaphore},
		{"errgroup_pattern", errgroupPattern},
	} {
		t.Run(program.name, func(t *testing.T) {
			src := l.source(t, program.name)
			if found := l.analyze(t, program.name, src, ""); len(found) > 0 {
				t.Errorf("the program itself has findings: %v", found)
			}
			for _, m := range program.mutations {
				t.Run(m.name, func(t *testing.T) { m.test(t, l, program.name, src) })
			}
		})
	}
}

func (m mutation) test(t *testing.T, l *loader, program, src string) {
	for _, e := range m.edits {
		if n := strings.Count(src, e.old); n != 1 {
			t.Fatalf("the text occurs %d times:\n%s", n, e.old)
		}
		src = strings.Replace(src, e.old, e.new, 1)
	}
	before, after, marked := strings.Cut(m.at, "§")
	text := before + after
	if n := strings.Count(src, text); n != 1 {
		t.Fatalf("the place occurs %d times: %s", n, text)
	}
	pos := strings.Index(src, text)
	if marked {
		pos += len(before)
	}
	line := 1 + strings.Count(src[:pos], "\n")
	hit := false
	for _, f := range l.analyze(t, program, src, m.flags) {
		switch {
		case f.check == m.check && f.line == line:
			hit = true
		case f.check != m.also:
			t.Errorf("unexpected: %v", f)
		}
	}
	if !hit {
		t.Errorf("%s is silent on line %d: %s", m.check, line, strings.TrimSpace(strings.Split(src, "\n")[line-1]))
	}
}

// A finding is what the test wants to know of a diagnostic.
type finding struct {
	check   string
	line    int
	message string
}

func (f finding) String() string { return fmt.Sprintf("line %d: %s", f.line, f.message) }

// A loader type-checks versions of the programs, with dependencies that are
// loaded once.
type loader struct {
	dir  string
	deps map[string]*gopackages.Package
	pkgs map[string]*gopackages.Package
}

func newLoader(t *testing.T) *loader {
	gopath, err := filepath.Abs(filepath.Join("..", "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	l := &loader{
		dir:  filepath.Join(gopath, "src", "source"),
		deps: make(map[string]*gopackages.Package),
		pkgs: make(map[string]*gopackages.Package),
	}
	config := &gopackages.Config{
		Mode: gopackages.LoadSyntax | gopackages.NeedModule,
		Dir:  l.dir,
		Env:  append(os.Environ(), "GOPATH="+gopath, "GO111MODULE=off", "GOPROXY=off", "GOWORK=off"),
	}
	// The last ones are packages that only mutations import.
	loaded, err := gopackages.Load(config, "./...", "bufio", "encoding/json", "io", "net/http", "os")
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range loaded {
		for _, err := range pkg.Errors {
			t.Fatal(err)
		}
		l.pkgs[filepath.Base(pkg.PkgPath)] = pkg
		l.deps[pkg.PkgPath] = pkg
		for path, dep := range pkg.Imports {
			if l.deps[path] == nil {
				l.deps[path] = dep
			}
		}
	}
	return l
}

// source returns the text of a program.
func (l *loader) source(t *testing.T, program string) string {
	src, err := os.ReadFile(filepath.Join(l.dir, program, "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

// analyze runs all checks on a version of a program.
func (l *loader) analyze(t *testing.T, program, src, flags string) []finding {
	if check, flag, ok := strings.Cut(flags, "."); ok {
		all := analyzers.All()
		i := slices.IndexFunc(all, func(a *analysis.Analyzer) bool { return a.Name == check })
		if err := all[i].Flags.Set(flag, "true"); err != nil {
			t.Fatal(err)
		}
		defer all[i].Flags.Set(flag, "false")
	}
	return findings(t, l.typeCheck(t, program, src))
}

// typeCheck returns the package of a program with another text.
func (l *loader) typeCheck(t *testing.T, program, src string) *gopackages.Package {
	pkg, err := withText(l.pkgs[program], 0, src, l.deps)
	if err != nil {
		t.Fatalf("the program does not type-check: %v", err)
	}
	return pkg
}

// findings runs all checks on packages.
func findings(t *testing.T, pkgs ...*gopackages.Package) []finding {
	graph, err := checker.Analyze(analyzers.All(), pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	var found []finding
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		for _, d := range act.Diagnostics {
			found = append(found, finding{act.Analyzer.Name, act.Package.Fset.Position(d.Pos).Line, d.Message})
		}
	}
	return found
}

// withText returns a package with another text of its file with the given index,
// type-checked. It imports what deps has.
func withText(original *gopackages.Package, index int, src string, deps map[string]*gopackages.Package) (*gopackages.Package, error) {
	pkg := *original
	file, err := parser.ParseFile(pkg.Fset, pkg.CompiledGoFiles[index], src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	pkg.Syntax = slices.Clone(pkg.Syntax)
	pkg.Syntax[index] = file
	pkg.TypesInfo = syntax.NewInfo()
	pkg.Imports = make(map[string]*gopackages.Package)
	for _, file := range pkg.Syntax {
		for _, spec := range file.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			if pkg.Imports[path] = deps[path]; deps[path] == nil {
				return nil, fmt.Errorf("%s is not loaded", path)
			}
		}
	}
	conf := types.Config{Importer: importer(pkg.Imports), Sizes: pkg.TypesSizes}
	pkg.Types, err = conf.Check(pkg.PkgPath, pkg.Fset, pkg.Syntax, pkg.TypesInfo)
	return &pkg, err
}

// An importer gives out loaded packages.
type importer map[string]*gopackages.Package

func (m importer) Import(path string) (*types.Package, error) {
	if pkg := m[path]; pkg != nil {
		return pkg.Types, nil
	}
	return nil, fmt.Errorf("%s is not loaded", path)
}
